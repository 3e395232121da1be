#!/usr/bin/env python3
"""make_samples.py [FOLDER]: writes the samples that are views of one Story of tests/tools/cases.py, into samples/ or FOLDER."""
import os, sys
from cases import *

HERE = os.path.dirname(os.path.abspath(__file__))
INTO = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', '..', 'samples')


def write(sample, story, **files):
    folder = os.path.join(INTO, sample)
    os.makedirs(folder, exist_ok=True)
    for name, content in {'story_md': story + '\n', **files}.items():
        stem, ending = name.rsplit('_', 1)
        with open(os.path.join(folder, f'{stem}.{ending}'), 'wb') as f:
            f.write(content if isinstance(content, bytes) else content.encode())


def asa_octets():
    story = Story(seed=5, checks=2, every=30.0)
    write('asa-octets', 'An ASA\'s debugs print what its messages are made of. `ikescope decrypt fw1.log -o OUT.pcap` writes them back as a capture.',
          fw1_log=AsaLog(story, 'i', Clock(digits=0), host='fw1').text())


asa_octets()
