"""
How many of the pictures of bench/captcha-pictures.ts a program reads: Tesseract, and ddddocr when it is installed (a
network trained on the captchas of Chinese sites). Each picture is tried raw and after usual cleaning; "any" counts a
picture that one of all tries got right.
Usage: apt-get install tesseract-ocr; pip install opencv-python-headless [ddddocr]; python3 captcha-read.py DIRECTORY
"""
import collections, glob, os, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy

ALPHABET = '2345679FHKLMW'


def cleaned(picture):
    median = cv2.medianBlur(picture, 5)
    sharp = cv2.threshold(median, 0, 255, cv2.THRESH_OTSU)[1]
    yield 'raw', picture
    yield 'median', median
    yield 'otsu', sharp
    yield 'without thin lines', cv2.morphologyEx(sharp, cv2.MORPH_CLOSE, numpy.ones((6, 6), numpy.uint8))
    yield 'inverted', 255 - sharp


def tesseract(mode):
    command = ['tesseract', '-', '-', '--psm', mode, '-c', f'tessedit_char_whitelist={ALPHABET}']
    one_thread = {**os.environ, 'OMP_THREAD_LIMIT': '1'}
    return lambda png: subprocess.run(command, input=png, capture_output=True, env=one_thread).stdout.decode()


def readers():
    yield 'tesseract', {'psm 7': tesseract('7'), 'psm 8': tesseract('8')}
    try:
        import ddddocr
    except ImportError:
        return
    networks = {'common': ddddocr.DdddOcr(show_ad=False), 'beta': ddddocr.DdddOcr(show_ad=False, beta=True)}
    for network in networks.values():
        network.set_ranges(ALPHABET + ALPHABET.lower())
    yield 'ddddocr', {name: network.classification for name, network in networks.items()}


files = sorted(glob.glob(os.path.join(sys.argv[1], '*.png')))
for reader, ways in readers():
    def tries(file):
        picture = cv2.copyMakeBorder(cv2.imread(file, 0), 20, 20, 20, 20, cv2.BORDER_REPLICATE)
        answer = file[-8:-4]
        return [
            (f'{cleaning}, {way}', ''.join(read(cv2.imencode('.png', image)[1].tobytes()).split()).upper() == answer)
            for cleaning, image in cleaned(picture)
            for way, read in ways.items()
        ]

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(tries, files))
    right = collections.Counter(name for result in results for name, ok in result if ok)
    print(reader, 'any:', sum(any(ok for _, ok in result) for result in results), 'of', len(files), dict(right))
