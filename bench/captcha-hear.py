"""
Counts how many sounds of bench/captcha-pictures.ts a program understands, word by word: PocketSphinx with its English
model and a grammar of digits, and "similar", which compares each word with the recordings of this repository. "after
tones" takes the words after the tones that mark the answer at the hard levels, which a program must know about.
Usage: pip install numpy pocketsphinx; python3 captcha-hear.py DIRECTORY [en | zh-CN [PocketSphinx | similar] [whole]]
"""
import glob, os, sys, wave

import numpy
import pocketsphinx

DIGITS = {'zero': '0', 'oh': '0', 'one': '1', 'two': '2', 'three': '3', 'four': '4', 'five': '5', 'six': '6', 'seven': '7', 'eight': '8', 'nine': '9'}
WORDS = ' | '.join(DIGITS)
GRAMMAR = f'#JSGF V1.0; grammar digits; public <digits> = ({WORDS});'
# `whole`: the whole sound at once, any number of digits. It takes minutes for a sound.
ROW = f'#JSGF V1.0; grammar digits; public <digits> = ({WORDS})+;'
SPEECH = os.path.join(os.path.dirname(__file__), '../assets/captcha/speech')
RATE = 8000


def samples(file):
    with wave.open(file) as sound:
        return numpy.frombuffer(sound.readframes(sound.getnframes()), numpy.int16).astype(numpy.float32) / 32768


def doubled(track):
    """Twice the sample rate, which the recogniser's model needs."""
    return numpy.interp(numpy.arange(0, len(track), 0.5), numpy.arange(len(track)), track)


def recogniser(grammar):
    decoder = pocketsphinx.Decoder(samprate=16000, loglevel='FATAL')
    decoder.add_jsgf_string('digits', grammar)
    decoder.activate_search('digits')
    return decoder


def heard(decoder, track):
    decoder.start_utt()
    decoder.process_raw((doubled(track) * 32767).clip(-32768, 32767).astype(numpy.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return ''.join(DIGITS.get(each, '?') for each in found.hypstr.split()) if found else '?'


def spectrum(track):
    """Logarithms of the energy in bands, 50 times a second, without their mean."""
    step, size = RATE // 50, RATE // 25
    frames = [track[at : at + size] * numpy.hanning(size) for at in range(0, max(1, len(track) - size), step)]
    power = numpy.abs(numpy.fft.rfft([frame for frame in frames if len(frame) == size], 512)) ** 2
    edges = numpy.geomspace(6, 240, 25).astype(int)
    bands = numpy.stack([power[:, low : max(high, low + 1)].sum(1) for low, high in zip(edges, edges[1:])], 1)
    logs = numpy.log(bands + 1e-4)
    return logs - logs.mean(0)


def distance(one, other):
    """Dynamic time warping."""
    cost = numpy.linalg.norm(one[:, None] - other[None], axis=2)
    total = numpy.full((len(one) + 1, len(other) + 1), numpy.inf)
    total[0, 0] = 0
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            total[row, column] = cost[row - 1, column - 1] + min(total[row - 1, column - 1], total[row - 1, column], total[row, column - 1])
    return total[-1, -1] / (len(one) + len(other))


def loudness(track):
    step = RATE // 50
    return numpy.sqrt(numpy.array([(track[at : at + step] ** 2).mean() for at in range(0, len(track) - step, step)]))


def words(track):
    """Stretches that are louder than the background, as start and end in samples."""
    loud = loudness(track)
    above = numpy.flatnonzero(loud > 0.3 * loud.max())
    stretches = numpy.split(above, numpy.flatnonzero(numpy.diff(above) > 9) + 1)
    return [(part[0] * RATE // 50, (part[-1] + 2) * RATE // 50) for part in stretches if len(part) > 4]


def tones(track):
    """Times at which the marking tone of 660 Hz ends."""
    step, size = RATE // 50, RATE // 25
    found = []
    for at in range(0, len(track) - size, step):
        power = numpy.abs(numpy.fft.rfft(track[at : at + size] * numpy.hanning(size), 512)) ** 2
        if power[40:45].sum() > 0.75 * power.sum():
            found.append(at / RATE)
    return [time for time, later in zip(found, found[1:] + [numpy.inf]) if later - time > 0.1]


def halves(text):
    middle = len(text) // 2
    return {text[:6], text[-6:], text[:middle], text[middle:]}


def similar(recordings, track):
    part = spectrum(track)
    return min(recordings, key=lambda digit: distance(part, recordings[digit]))


directory, language = sys.argv[1], (sys.argv[2:] or ['en'])[0]
recordings = {digit: spectrum(samples(f'{SPEECH}/{language}-{digit}.wav')) for digit in '0123456789'}
programs = {}
if 'similar' in sys.argv or not sys.argv[3:]:
    programs['similar'] = lambda track: similar(recordings, track)
if language == 'en' and ('PocketSphinx' in sys.argv or not sys.argv[3:]):
    word, row = recogniser(GRAMMAR), recogniser(ROW)
    programs['PocketSphinx'] = lambda track: heard(word, track)
right = {}
files = sorted(glob.glob(f'{directory}/*.{language}.wav'))
for done, file in enumerate(files, 1):
    answer = os.path.basename(file).split('-')[1].split('.')[0]
    track = samples(file)
    ends = [int(end * RATE) for end in tones(track)]
    stretches = {'all words': [track[max(0, start - 800) : end + 800] for start, end in words(track)], 'after tones': [track[end : end + 6400] for end in ends]}
    for name, program in programs.items():
        for kind, parts in stretches.items():
            right.setdefault(f'{name}, {kind}', 0)
            right[f'{name}, {kind}'] += answer in halves(''.join(map(program, parts)))
    if 'whole' in sys.argv:
        right['PocketSphinx, whole'] = right.get('PocketSphinx, whole', 0) + (answer in heard(row, track))
    if done % 100 == 0 or done == len(files):
        print(done, 'sounds:', right, flush=True)
