"""A share of a test's inputs, where IKESCOPE_TEST_SHARE says of how many one is read: a sanitized program is slow."""
import os


def share(inputs):
    return list(inputs)[::int(os.environ.get('IKESCOPE_TEST_SHARE', 1))]
