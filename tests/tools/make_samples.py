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
    write('asa-octets', "An ASA's debugs print what its messages are made of. `ikescope decrypt fw1.log -o OUT.pcap` writes them back as a capture.",
          fw1_log=AsaLog(story, 'i', Clock(digits=0), host='fw1').text())


def clock_37_minutes_off():
    story = Story(seed=37, checks=20, every=60.0)
    write('clock-37-minutes-off', "Both routers' logs of a healthy tunnel; r2's clock is 37 minutes ahead and gains 40 ppm. No finding; `clock` of the JSON "
          'report says so.', r1_log=Log(story, 'i', Clock()).text(), r2_log=Log(story, 'r', Clock(offset=37 * 60, ppm=40)).text())


def three_lost():
    """Messages 3 and 4 of the initiator are lost before and behind the capture; it has missed the next one, which arrived."""
    story = Story(seed=44, checks=8, every=60.0)
    story.lose(story.find('INFORMATIONAL', 3, 'i', False), 0.2)
    story.lose(story.find('INFORMATIONAL', 4, 'i', False), 0.9)
    missed = story.find('INFORMATIONAL', 5, 'i', False)
    write('three-lost-on-the-way', 'Both logs and a capture between them that lacks packets: a request lost before it, a request lost behind it, and one that '
          'it missed though it arrived. Findings: `message-lost` twice, with where; `capture-incomplete`.',
          r1_log=Log(story, 'i', Clock()).text(), r2_log=Log(story, 'r', Clock(offset=5)).text(),
          middle_pcap=capture(story, offset=-2, missing=lambda m: m is missed))


def log_paused():
    """The same seen by a capture and a log that was off for two minutes: what it lacks then is no loss; what it lacks later is."""
    story = Story(seed=45, checks=12, every=60.0)
    story.lose(story.find('INFORMATIONAL', 6, 'i', False), 0.9)
    write('log-paused', "A capture and the responder's log, which was off between 10:02 and 10:06. Finding: `message-lost` for the one that the log lacks while "
          'it ran, and `debug-incomplete` for the pause.', r2_log=Log(story, 'r', Clock()).text(pause=(150, 390)), wire_pcap=capture(story))


def sealed_capture():
    story = Story(seed=46, checks=2, every=60.0)
    write('sealed-capture-and-log', "Only the responder's log, and a capture without keys: what the log shows of IKE_AUTH explains the sealed message of the "
          'capture; both are one message with two sources.', r2_log=Log(story, 'r', Clock(offset=-90), dump='fields').text(), wire_pcap=capture(story))


def clocks_of_all_kinds():
    story = Story(seed=47, checks=16, every=60.0)
    write('clocks-of-all-kinds', "r1 prints no year and Central European time, r2's clock is set back by 90 seconds in the middle. No finding.",
          r1_log=Log(story, 'i', Clock(offset=2, zone='CET', zone_hours=1, year=False)).text(),
          r2_log=Log(story, 'r', Clock(offset=7, step=-90, step_at=500)).text())


def two_points():
    story = Story(seed=48, checks=6, every=60.0)
    story.lose(story.find('INFORMATIONAL', 3, 'i', False), 0.5)
    write('two-capture-points', 'Captures at both ends of the way and both logs; one request vanishes between the captures. Finding: `message-lost`.',
          r1_log=Log(story, 'i', Clock()).text(), r2_log=Log(story, 'r', Clock(offset=1)).text(),
          near_pcap=capture(story, offset=3, point=0.1), far_pcap=capture(story, offset=-4, point=0.9))


for sample in (asa_octets, clock_37_minutes_off, three_lost, log_paused, sealed_capture, clocks_of_all_kinds, two_points):
    sample()
