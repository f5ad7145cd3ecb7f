"""CSV files as a spreadsheet opens them: LibreOffice reads them, and its cells are compared with what the files say."""

import csv
import itertools
import pathlib
import shutil
import subprocess
from xml.etree import ElementTree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

# Separator, quote, UTF-8, first line, columns, language, quoted cells are text, numbers and dates are recognized, …, formulas are computed.
AS_TEXT = "CSV:44,34,76,1,,0,true,false"
GUESSING = "CSV:44,34,76,1,,0,false,true,false,false,false,0,true"

# What a spreadsheet could take for something else, or lose.
NASTY = [
    "=1+2",
    '=HYPERLINK("#A1";"look")',
    "+1+2",
    "-2+3",
    "@SUM(1,2)",
    "'=1+2",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "Zoë Ångström",
    'says "so", twice; or not',
    "田中 太郎",
    "שלום عليكم",
    "00123456789012345678901234567890",
    "1e5",
    "1/2",
    "2026-11-27",
    "TRUE",
    "a  b",
    "👩‍🚀",
    "two\nlines",
]


def content(element):
    """The text of a paragraph, in which blanks, tabs and ends of lines are elements."""
    special = {f"{TEXT}s": " " * int(element.get(f"{TEXT}c", 1)), f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
    inner = "".join(content(child) + (child.tail or "") for child in element)
    return special.get(element.tag, "") + (element.text or "") + inner


def cells(row):
    for cell in row:
        text = "\n".join(content(part) for part in cell.findall(f"{TEXT}p"))
        yield from [text] * int(cell.get(f"{TABLE}number-columns-repeated", 1))


def opened(files, reading, folder):
    """For each file its rows, and the formulas in it."""
    program = shutil.which("soffice")
    assert program, "there is no LibreOffice: apt install libreoffice-calc-nogui"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    words = [program, profile, "--headless", f"--infilter={reading}", "--convert-to", "fods", "--outdir", folder / "opened", *files]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    for file in files:
        document = ElementTree.parse(folder / "opened" / f"{file.stem}.fods")
        formulas = [cell.get(f"{TABLE}formula") for cell in document.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}formula")]
        rows = [trimmed(list(cells(row))) for row in document.iter(f"{TABLE}table-row")]
        yield file, list(itertools.dropwhile(lambda row: not row, reversed(rows)))[::-1], formulas


def trimmed(row):
    return list(itertools.dropwhile(lambda cell: not cell, reversed(row)))[::-1]


def unguarded(cell):
    """A cell without the quote that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'")[:1] in tuple("=+-@＝＋－＠") else cell


def check(files, values, folder):
    """Whether every cell is the text of the file and nothing is computed; and whether the files have all these values."""
    control = folder / "control.csv"
    control.write_text('"=1+2"\r\n')
    (_, _, computed), *guesses = opened([control, *files], GUESSING, folder)
    assert computed == ["of:=1+2"], "LibreOffice does not compute, so this shows nothing"
    fine, seen = True, set()
    for (file, rows, formulas), (_, _, guessed) in zip(opened(files, AS_TEXT, folder), guesses, strict=True):
        with open(file, newline="", encoding="utf-8") as source:
            written = [trimmed([cell.replace("\r\n", "\n") for cell in row]) for row in csv.reader(source)]
        seen.update(unguarded(cell) for row in rows for cell in row)
        wrong = [(before, after) for before, after in itertools.zip_longest(written, rows) if before != after]
        good = not wrong and not formulas and not guessed
        print(f"{'equal' if good else 'DIFFERENT':9} {len(written):6} {len(rows):6} LibreOffice {pathlib.Path(file).name}", flush=True)
        print(*wrong[:3], *formulas[:3], *guessed[:3], sep="\n", end="" if good else "\n")
        fine = fine and good
    missing = [value for value in values if value not in seen]
    print(*(f"DIFFERENT: no cell is {value!r}" for value in missing), sep="\n", end="\n" if missing else "")
    return fine and not missing
