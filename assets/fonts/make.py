"""Makes the fonts of this folder: pip install fonttools==4.68.0, then python3 make.py LIBERATION_FOLDER NOTO_CJK_TTC

The sources are Debian's packages fonts-liberation2 2.1.5 and fonts-noto-cjk. Subsets of them must not bear their reserved
names, so they get names of their own.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont


def charset(encoding, first, last, trail):
    """Characters of a two-byte encoding whose first byte is in a range."""
    found = set()
    for lead in range(first, last + 1):
        for byte in trail:
            try:
                found.update(map(ord, bytes([lead, byte]).decode(encoding)))
            except UnicodeDecodeError:
                pass
    return found


def save(font, characters, family, style, path):
    options = subset.Options()
    options.hinting = False  # The drawing does not use it, and it is half of the bytes.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = False  # A letter the font lacks must never be a box.
    options.drop_tables += ["FFTM", "BASE", "VORG", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    postscript = family.replace(" ", "") + "-" + style
    for record in list(font["name"].names):
        names = {1: family, 2: style, 3: postscript, 4: f"{family} {style}", 6: postscript}
        if record.platformID != 3 or record.langID != 0x409:
            font["name"].removeNames(platformID=record.platformID, langID=record.langID)
        elif record.nameID in names:
            font["name"].setName(names[record.nameID], record.nameID, 3, record.platEncID, record.langID)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames[0] = postscript
        top = cff.topDictIndex[0]
        top.FullName, top.FamilyName = f"{family} {style}", family
    font.recalcTimestamp = False
    font.save(path, reorderTables=True)


def main(liberation, noto):
    for style in ["Regular", "Bold"]:
        font = TTFont(f"{liberation}/LiberationSans-{style}.ttf")
        save(font, set(font.getBestCmap()), "Duecast Sans", style, f"DuecastSans-{style}.ttf")
    # Simplified Chinese: all of GB 2312. Traditional: the commoner half of Big5. Japanese: kana (in GB 2312) and the first
    # level of JIS X 0208.
    simplified = charset("gb2312", 0xA1, 0xF7, range(0xA1, 0xFF))
    traditional = charset("big5", 0xA4, 0xC6, [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    japanese = charset("euc_jp", 0xB0, 0xCF, range(0xA1, 0xFF))
    wide = {c for c in simplified | traditional | japanese if c >= 0x2E80} | set(range(0xFF01, 0xFF5F))
    font = next(f for f in TTCollection(noto).fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    save(font, wide, "Duecast Han", "Regular", "DuecastHan-Regular.otf")


main(*sys.argv[1:])
