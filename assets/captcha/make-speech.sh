#!/usr/bin/env bash
# Makes the spoken characters of the captcha anew: `apt-get install espeak-ng sox`, then run this here.
# What espeak-ng says is free to use; the program itself (GPL) is not shipped.
# Digits in Mandarin; the voice `cmn` of espeak-ng 1.51 reads 三 as an English "san one", `cmn-latn-pinyin` reads it right;
# letters by their English names in both languages, as people here say them.
set -euo pipefail
cd "$(dirname "$0")/speech"
rm -f ./*.wav
say() { # voice, words, file: 8 kHz, 16 bit, mono, without the silence around it
  espeak-ng -v "$1" -s 120 -a 180 --stdout "$2" |
    sox -D -t wav - -r 8000 -b 16 -c 1 "$3" silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse norm -3
}
digits=(zero one two three four five six seven eight nine)
han=(零 一 二 三 四 五 六 七 八 九)
for i in {0..9}; do
  say en-us "${digits[i]}" "en-$i.wav"
  say cmn-latn-pinyin "${han[i]}" "zh-CN-$i.wav"
done
for letter in {A..Z}; do say en-us "$letter" "en-$letter.wav"; done
