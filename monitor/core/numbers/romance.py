"""Words of number of the Romance languages."""

from __future__ import annotations

from monitor.core.numbers.vocabulary import Vocabulary

ROMANCE = (
    Vocabulary(
        "fr",
        small=". deux trois quatre cinq six~ sept~ huit neuf~ dix~ onze~ douze treize~ quatorze~ quinze~"
        " seize~",
        tens="vingt/vingts trente~ quarante cinquante soixante septante huitante/octante nonante",
        hundreds="cent~/cents~",
        scales={
            1e3: "mille/milles",
            1e6: "million/millions",
            1e9: "milliard/milliards",
            1e12: "billion/billions",
        },
        sets={
            10: "dizaine",
            12: "douzaine",
            15: "quinzaine",
            20: "vingtaine",
            30: "trentaine",
            40: "quarantaine",
            50: "cinquantaine",
            60: "soixantaine",
            100: "centaine",
            1000: "millier",
        },
        alone="cent/mille",
        half="demi/demie",
        and_="et",
        one="un/une",
    ),
    Vocabulary(
        "es",
        small="uno~ dos~ tres~ cuatro cinco~ seis~ siete~ ocho nueve diez~ once~ doce~ trece~ catorce"
        " quince dieciséis diecisiete dieciocho diecinueve",
        tens="veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        hundreds="cien/ciento doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas"
        " quinientos/quinientas seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas"
        " novecientos/novecientas",
        scales={
            1e3: "mil",
            1e6: "millón/millones/mill/mdd",
            1e9: "millardo/millardos",
            1e12: "billón/billones",
        },
        sets={
            10: "decena",
            12: "docena",
            20: "veintena",
            30: "treintena",
            50: "cincuentena",
            100: "centenar/centena",
            1000: "millar",
        },
        alone="cien/ciento/mil",
        half="medio/media",
        more={
            21: "veintiuno/veintiún/veintiuna",
            22: "veintidós",
            23: "veintitrés",
            24: "veinticuatro",
            25: "veinticinco",
            26: "veintiséis",
            27: "veintisiete",
            28: "veintiocho",
            29: "veintinueve",
        },
        and_="y",
        one="un/una/uno",
    ),
    Vocabulary(
        "pt",
        small=". dois~/duas três~ quatro~ cinco~ seis~ sete~ oito nove~ dez~ onze~ doze~ treze"
        " catorze/quatorze~ quinze~ dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove",
        tens="vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
        hundreds="cem/cento~ duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas"
        " quinhentos/quinhentas seiscentos/seiscentas setecentos/setecentas oitocentos/oitocentas"
        " novecentos/novecentas",
        scales={
            1e3: "mil",
            1e6: "milhão/milhões",
            1e9: "bilhão/bilhões/bilião/biliões",
            1e12: "trilhão/trilhões",
        },
        sets={10: "dezena", 12: "dúzia", 20: "vintena", 100: "centena", 1000: "milhar"},
        alone="cem/cento/mil",
        half="meio/meia",
        and_="e",
        one="um/uma",
    ),
    Vocabulary(
        "it",
        small=". due~ tre~ quattro cinque sei~ sette~ otto~ nove~ dieci undici dodici tredici quattordici"
        " quindici sedici diciassette diciotto diciannove",
        tens="venti~ trenta quaranta cinquanta sessanta settanta ottanta novanta",
        hundreds="cento~",
        scales={
            1e3: "mille/mila",
            1e6: "milione/milioni/mln",
            1e9: "miliardo/miliardi/mld",
            1e12: "bilione/bilioni",
        },
        sets={
            10: "decina",
            12: "dozzina",
            15: "quindicina",
            20: "ventina",
            30: "trentina",
            40: "quarantina",
            50: "cinquantina",
            100: "centinaio",
            1000: "migliaio",
        },
        alone="cento/mille",
        half="mezzo/mezza",
        and_="e",
        one="un/una/uno",
        atoms="uno/un=1 vent=20 trent=30 quarant=40 cinquant=50 sessant=60 settant=70 ottant=80 novant=90"
        " cent=100 tré=3",
        plain=True,
    ),
    Vocabulary(
        "ro",
        small="unu~ doi~/două trei patru cinci şase şapte opt~ nouă zece unsprezece"
        " doisprezece/douăsprezece treisprezece paisprezece cincisprezece şaisprezece şaptesprezece"
        " optsprezece nouăsprezece",
        tens="douăzeci treizeci patruzeci cincizeci şaizeci şaptezeci optzeci nouăzeci",
        hundreds="sută~/sute~",
        scales={1e3: "mie~/mii", 1e6: "milion/milioane", 1e9: "miliard/miliarde"},
        sets={12: "duzină"},
        half="jumătate",
        and_="şi/de",
        one="o/un/unu/una",
    ),
)
