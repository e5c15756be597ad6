"""Words of number of the Germanic languages."""

from __future__ import annotations

from monitor.core.numbers.vocabulary import Vocabulary

GERMANIC = (
    Vocabulary(
        "en",
        small="one two three four five six seven eight nine ten~ eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen",
        tens="twenty thirty forty fifty sixty seventy eighty ninety",
        hundreds="hundred",
        scales={
            1e3: "thousand",
            1e5: "lakh/lakhs",
            1e6: "million/millions",
            1e7: "crore/crores",
            1e9: "billion/billions/bn",
            1e12: "trillion/trillions",
        },
        sets={12: "dozen"},
        half="half",
        and_="and",
        one="a/an",
    ),
    Vocabulary(
        "de",
        small=". zwei/zwo drei vier fünf sechs sieben acht neun zehn elf~ zwölf dreizehn vierzehn fünfzehn"
        " sechzehn siebzehn achtzehn neunzehn",
        tens="zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig",
        hundreds="hundert",
        scales={
            1e3: "tausend/tsd",
            1e6: "million/millionen/mio",
            1e9: "milliarde/milliarden/mrd/mia",
            1e12: "billion/billionen/bio",
        },
        sets={12: "dutzend"},
        alone="hundert/tausend",
        half="halbe/halbes/halben",
        more={1.5: "anderthalb/eineinhalb", 2.5: "zweieinhalb", 3.5: "dreieinhalb"},
        and_="und",
        one="ein/eine/einer/einem/einen/eines",
        atoms="ein/eins=1 und=0",
        plain=True,
    ),
    Vocabulary(
        "nl",
        small=". twee drie vier vijf zes~ zeven acht negen tien~ elf~ twaalf dertien veertien vijftien"
        " zestien zeventien achttien negentien",
        tens="twintig dertig veertig vijftig zestig zeventig tachtig negentig",
        hundreds="honderd",
        scales={1e3: "duizend", 1e6: "miljoen/mln", 1e9: "miljard/mld", 1e12: "biljoen"},
        sets={12: "dozijn", 10: "tiental", 100: "honderdtal"},
        alone="honderd/duizend",
        half="half/halve",
        more={1.5: "anderhalf"},
        and_="en",
        one="een",
        atoms="een=1 en=0",
        plain=True,
    ),
    Vocabulary(
        "sv",
        small=". två~/tu~ tre~ fyra fem~ sex~ sju åtta nio tio~ elva~ tolv tretton fjorton femton sexton~"
        " sjutton arton nitton",
        tens="tjugo trettio fyrtio/förtio femtio sextio sjuttio åttio nittio",
        hundreds="hundra",
        scales={
            1e3: "tusen",
            1e6: "miljon/miljoner/mn/milj",
            1e9: "miljard/miljarder/mdr",
            1e12: "biljon/biljoner",
        },
        sets={
            12: "dussin",
            10: "tiotal",
            100: "hundratal",
            20: "tjugotal",
            30: "trettiotal",
            50: "femtiotal",
        },
        alone="hundra/tusen",
        half="halv",
        more={1.5: "anderthalv"},
        and_="och",
        one="en/ett",
        atoms="en/ett=1",
        plain=True,
    ),
    Vocabulary(
        "no",
        small=". to~ tre~ fire~ fem~ seks~ sju/syv åtte~ ni~ ti~ elleve tolv tretten fjorten femten seksten"
        " sytten atten nitten",
        tens="tjue/tyve~ tretti/tredve førti~ femti seksti sytti åtti~ nitti",
        hundreds="hundre",
        scales={
            1e3: "tusen",
            1e6: "million/millioner/mill/mil~",
            1e9: "milliard/milliarder/mrd",
            1e12: "billion/billioner",
        },
        sets={12: "dusin", 10: "titall~/titalls", 20: "snes"},
        alone="hundre/tusen",
        half="halv",
        more={1.5: "halvannen"},
        and_="og",
        one="en/ett/et/én/ei",
        atoms="en/ett=1 og=0",
        plain=True,
    ),
    Vocabulary(
        "da",
        small=". to~ tre~ fire~ fem~ seks~ syv otte ni~ ti~ elleve tolv tretten fjorten femten seksten"
        " sytten atten nitten",
        tens="tyve~ tredive/tredve fyrre/fyrretyve halvtreds/halvtredsindstyve tres~/treds halvfjerds firs"
        " halvfems",
        hundreds="hundrede/hundred",
        scales={
            1e3: "tusind/tusinde",
            1e6: "million/millioner/mio",
            1e9: "milliard/milliarder/mia",
            1e12: "billion/billioner",
        },
        sets={12: "dusin", 20: "snes"},
        alone="hundrede/tusind/tusinde",
        half="halv",
        more={1.5: "halvanden"},
        and_="og",
        one="en/et/ét/én",
        atoms="en/et=1 og=0",
        plain=True,
    ),
)
