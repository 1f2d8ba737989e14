"""
Counts how many pictures of bench/captcha-pictures.ts a program can read: Tesseract, ddddocr (a network trained on the
captchas of Chinese sites) and RapidOCR (PP-OCR, a network for printed text). Each picture is tried unchanged, after common filters, and after
filters for the way in which these pictures are drawn. "any" counts a picture that at least one try read correctly.
Usage: apt-get install tesseract-ocr; pip install opencv-python-headless ddddocr rapidocr-onnxruntime
       python3 captcha-read.py DIRECTORY [tesseract | ddddocr | rapidocr] [unchanged | usual | knowing]
"""
import collections, glob, os, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy

DIGITS = '0123456789'


def stretched(picture):
    return cv2.normalize(picture.astype(numpy.float32), None, 0, 255, cv2.NORM_MINMAX).astype(numpy.uint8)


def blurred(picture, sigma):
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def from_middle(picture):
    """Makes glyphs that are lighter than the background as dark as those that are darker."""
    return 255 - stretched(numpy.abs(picture.astype(numpy.float32) - numpy.median(picture)))


def without_peaks(picture, peaks=4):
    """Removes the strongest frequencies, which are the stripes, from the spectrum."""
    height, width = picture.shape
    spectrum = numpy.fft.fftshift(numpy.fft.fft2(picture.astype(numpy.float32) - picture.mean()))
    rows, columns = numpy.mgrid[:height, :width]
    strength = numpy.abs(spectrum)
    strength[(rows - height // 2) ** 2 + (columns - width // 2) ** 2 < 9] = 0
    for _ in range(peaks):
        y, x = numpy.unravel_index(strength.argmax(), strength.shape)
        for row, column in ((y, x), (height - y, width - x)):
            near = (rows - row) ** 2 + (columns - column) ** 2 <= 9
            spectrum[near] = strength[near] = 0
    return stretched(numpy.fft.ifft2(numpy.fft.ifftshift(spectrum)).real)


def bands(picture, count):
    """Returns the index of each pixel's tone among `count` tones; 0 is the darkest."""
    tones = picture.reshape(-1, 1).astype(numpy.float32)
    _, label, centres = cv2.kmeans(tones, count, None, (3, 20, 1), 1, cv2.KMEANS_PP_CENTERS)
    return numpy.argsort(numpy.argsort(centres[:, 0]))[label[:, 0]].reshape(picture.shape)


def only(numbers, chosen):
    return cv2.medianBlur(numpy.where(numpy.isin(numbers, chosen), 0, 255).astype(numpy.uint8), 5)


def unbent(picture, amplitude, phase):
    """Shifts rows and columns back along waves of about the wavelength that distorted them."""
    height, width = picture.shape
    rows, columns = numpy.mgrid[:height, :width].astype(numpy.float32)
    sideways = columns + amplitude * numpy.sin(2 * numpy.pi * rows / 85 + phase)
    upwards = rows + amplitude * numpy.sin(2 * numpy.pi * columns / 115 + phase)
    return cv2.remap(picture, sideways, upwards, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def direction(picture):
    """Returns the direction in which the stripes repeat."""
    height, width = picture.shape
    energy = numpy.abs(numpy.fft.fftshift(numpy.fft.fft2(picture.astype(numpy.float32) - picture.mean()))) ** 2
    rows, columns = numpy.mgrid[:height, :width]
    down, right = (rows - height // 2) / height, (columns - width // 2) / width
    pitch = numpy.hypot(down, right)
    energy[(pitch < 0.015) | (pitch > 0.08)] = 0
    bins = (numpy.arctan2(down, right) % numpy.pi / numpy.pi * 36).astype(int).ravel() % 36
    return (numpy.bincount(bins, energy.ravel(), 36).argmax() + 0.5) * numpy.pi / 36


def without_ground(picture):
    """Keeps what differs from the median along the stripes."""
    along = direction(picture) + numpy.pi / 2
    moved = [
        cv2.warpAffine(
            picture,
            numpy.float32([[1, 0, by * numpy.cos(along)], [0, 1, by * numpy.sin(along)]]),
            picture.shape[::-1],
            borderMode=cv2.BORDER_REFLECT,
        )
        for by in range(-110, 111, 10)
    ]
    return 255 - stretched(cv2.absdiff(picture, numpy.median(numpy.stack(moved), 0).astype(numpy.uint8)))


def closed_across(ends, size):
    """Joins the pieces of a glyph across the stripes between them."""
    reach = size // 2
    step = [int(round(reach * part(direction(ends)))) for part in (numpy.cos, numpy.sin)]
    line = numpy.zeros((size, size), numpy.uint8)
    cv2.line(line, (reach - step[0], reach - step[1]), (reach + step[0], reach + step[1]), 1)
    return 255 - cv2.medianBlur(cv2.morphologyEx(ends, cv2.MORPH_CLOSE, line), 7)


def usual(picture):
    median = cv2.medianBlur(picture, 5)
    sharp = cv2.threshold(median, 0, 255, cv2.THRESH_OTSU)[1]
    yield 'raw', picture
    yield 'inverted', 255 - picture
    yield 'median', median
    yield 'otsu', sharp
    yield 'otsu inverted', 255 - sharp
    yield 'without thin lines', cv2.morphologyEx(sharp, cv2.MORPH_CLOSE, numpy.ones((6, 6), numpy.uint8))
    yield 'adaptive', cv2.adaptiveThreshold(median, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 51, 5)
    yield 'local contrast', cv2.createCLAHE(4, (4, 8)).apply(picture)
    yield 'edges', 255 - stretched(cv2.morphologyEx(median, cv2.MORPH_GRADIENT, numpy.ones((3, 3), numpy.uint8)))
    for factor in (0.35, 0.5, 2):
        yield f'scaled {factor}', cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    for sigma in (3, 6, 10):
        yield f'blurred {sigma}', stretched(blurred(picture, sigma))
    for phase in (0, 1.57, 3.14, 4.71):
        yield f'unbent {phase}', unbent(picture, 2, phase)
    yield 'without peaks', without_peaks(picture)


def knowing(picture):
    median = cv2.medianBlur(picture, 5)
    level = stretched(median.astype(numpy.float32) - blurred(picture, 30))
    for sigma in (4, 6, 8):
        yield f'blurred {sigma}, from middle', from_middle(blurred(picture, sigma))
    yield 'without peaks, from middle', from_middle(blurred(without_peaks(picture, 6), 3))
    yield 'without ground', without_ground(median)
    four = bands(median, 4)
    for chosen in ((0,), (3,), (0, 1), (0, 2), (0, 3)):
        yield f'tones {chosen} of 4', only(four, chosen)
    for name, image in (('', median), (' level', level)):
        yield f'tones (1, 4) of 6{name}', 255 - only(bands(image, 6), (1, 4))
    ends = numpy.where(from_middle(median) < 105, 255, 0).astype(numpy.uint8)
    yield 'ends', 255 - ends
    yield 'ends blurred', 255 - stretched(blurred(ends, 4))
    for size in (9, 13, 17):
        round_one = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        yield f'ends closed {size}', 255 - cv2.medianBlur(cv2.morphologyEx(ends, cv2.MORPH_CLOSE, round_one), 7)
        yield f'ends closed across {size + 4}', closed_across(ends, size + 4)


def in_six(picture):
    side = (picture.shape[1] - 26) // 6
    return [picture[:, max(0, 13 + side * at - 8) : 13 + side * (at + 1) + 8] for at in range(6)]


def tesseract(mode):
    command = ['tesseract', '-', '-', '--psm', mode, '-c', f'tessedit_char_whitelist={DIGITS}']
    one_thread = {**os.environ, 'OMP_THREAD_LIMIT': '1'}
    return lambda png: subprocess.run(command, input=png, capture_output=True, env=one_thread).stdout.decode()


def ddddocr_networks():
    import ddddocr

    for name, network in {'common': ddddocr.DdddOcr(show_ad=False), 'beta': ddddocr.DdddOcr(show_ad=False, beta=True)}.items():
        network.set_ranges(DIGITS)
        yield name, network.classification


def rapidocr():
    import rapidocr_onnxruntime

    network = rapidocr_onnxruntime.RapidOCR()

    def read(png):
        found = network(cv2.imdecode(numpy.frombuffer(png, numpy.uint8), cv2.IMREAD_COLOR), use_det=False, use_cls=False)[0]
        return ''.join(character for part in found or [] for character in part[0] if character.isdigit())

    return read


def framed(picture):
    return cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_REPLICATE)


def text(read, picture):
    return ''.join(read(cv2.imencode('.png', picture)[1].tobytes()).split()).upper()


def unchanged(picture):
    yield 'raw', picture


def tries(file, ways):
    picture = cv2.imread(file, cv2.IMREAD_GRAYSCALE)
    answer = os.path.splitext(file)[0][-6:]
    for kind in kinds:
        for cleaning, image in cleanings[kind](picture):
            for way, read in ways.items():
                yield kind, f'{cleaning}, {way}', text(read, framed(image)) == answer
                if image.shape == picture.shape and way == 'common':
                    parts = ''.join(text(read, framed(part))[:1] for part in in_six(image))
                    yield kind, f'{cleaning}, in six, {way}', parts == answer


def report(reader, ways):
    files = sorted(glob.glob(os.path.join(sys.argv[1], '*.png')))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda file: list(tries(file, ways)), files))
    for kind in kinds:
        chosen = [[(name, ok) for of, name, ok in result if of == kind] for result in results]
        right = collections.Counter(name for result in chosen for name, ok in result if ok)
        any_right = sum(any(ok for _, ok in result) for result in chosen)
        print(f'{reader}, {kind}: any of {len(chosen[0])} ways {any_right} of {len(files)}; {right.most_common(6)}', flush=True)


readers = {
    'tesseract': lambda: {'one word': tesseract('8')},
    'ddddocr': lambda: dict(ddddocr_networks()),
    'rapidocr': lambda: {'recognition': rapidocr()},
}
cleanings = {'unchanged': unchanged, 'usual': usual, 'knowing': knowing}
kinds = [kind for kind in sys.argv[2:] if kind in cleanings] or ['usual', 'knowing']
for reader in [reader for reader in sys.argv[2:] if reader in readers] or readers:
    report(reader, readers[reader]())
