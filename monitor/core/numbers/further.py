"""Words of number of the Baltic, Finnic and Turkic languages, of Vietnamese, Arabic and Persian.

Vietnamese tells many words by their tones alone, which folding drops: its short ones count only where the text is
Vietnamese, or in a row of several.
"""

from __future__ import annotations

from monitor.core.numbers.vocabulary import Vocabulary

FURTHER = (
    Vocabulary(
        "fi",
        small="yksi/yhden~ kaksi/kahden/kahta kolme/kolmen/kolmea neljä/neljän/neljää viisi/viiden/viittä"
        " kuusi~/kuuden~/kuutta seitsemän/seitsemää kahdeksan/kahdeksaa yhdeksän/yhdeksää kymmenen/kymmentä"
        " yksitoista kaksitoista kolmetoista neljätoista viisitoista kuusitoista seitsemäntoista"
        " kahdeksantoista yhdeksäntoista",
        tens="kaksikymmentä kolmekymmentä neljäkymmentä viisikymmentä kuusikymmentä seitsemänkymmentä"
        " kahdeksankymmentä yhdeksänkymmentä",
        hundreds="sata/sataa~/sadan~",
        scales={
            1e3: "tuhat/tuhatta/tuhannen",
            1e6: "miljoona/miljoonaa/miljoonan/milj",
            1e9: "miljardi/miljardia/miljardin/mrd",
            1e12: "biljoona/biljoonaa",
        },
        sets={12: "tusina/tusinaa"},
        alone="sata/sadan/tuhat/tuhannen/tusina/miljoona",
        half="puoli/puolen",
        more={
            1.5: "puolitoista/puolentoista",
            10: "kymmenkunta",
            20: "parikymmentä",
            200: "parisataa",
            2000: "parituhatta",
        },
        one="",
        atoms="kymmentä=10x sataa=100x tuhatta=1000x yksi=1 kaksi=2 kolme=3 neljä=4 viisi=5 kuusi=6"
        " seitsemän=7 kahdeksan=8 yhdeksän=9 kymmenen=10 kahden=2 kolmen=3 neljän=4 viiden=5 kuuden=6"
        " kymmenen=10 sadan=100x tuhannen=1000x miljoonaa=1000000x sata=100x tuhat=1000x",
        plain=True,
    ),
    Vocabulary(
        "et",
        small="üks/ühe~ kaks~/kahe kolm/kolme~ neli/nelja viis~/viie kuus/kuue~ seitse/seitsme kaheksa"
        " üheksa kümme/kümne üksteist kaksteist/kaheteist kolmteist neliteist viisteist kuusteist"
        " seitseteist kaheksateist üheksateist",
        tens="kakskümmend/kahekümne kolmkümmend nelikümmend viiskümmend/viiekümne kuuskümmend seitsekümmend"
        " kaheksakümmend üheksakümmend",
        hundreds="sada/saja~",
        scales={
            1e3: "tuhat/tuhande/tuhandet",
            1e6: "miljon/miljonit/miljoni/mln",
            1e9: "miljard/miljardit/miljardi/mld",
            1e12: "triljon/triljonit",
        },
        sets={12: "tosin~/tosinat", 10: "kümmekond"},
        alone="sada/tuhat/tosin/miljon/miljonit",
        half="pool",
        more={1.5: "poolteist"},
        one="",
        atoms="üks=1 kaks=2 kolm=3 neli=4 viis=5 kuus=6 seitse=7 kaheksa=8 üheksa=9 kahe=2 kolme=3 nelja=4"
        " viie=5 sada=100x saja=100x",
    ),
    Vocabulary(
        "lv",
        small="viens~/viena~/vienu~ divi~/divu~/divas/diviem trīs~/triju četri/četru/četras"
        " pieci/piecu/piecas seši~/sešu/sešas septiņi/septiņu astoņi/astoņu deviņi/deviņu desmit"
        " vienpadsmit divpadsmit trīspadsmit četrpadsmit piecpadsmit sešpadsmit septiņpadsmit astoņpadsmit"
        " deviņpadsmit",
        tens="divdesmit trīsdesmit četrdesmit piecdesmit sešdesmit septiņdesmit astoņdesmit deviņdesmit",
        hundreds="simts/simti/simtu/simt divsimt trīssimt četrsimt piecsimt sešsimt septiņsimt astoņsimt"
        " deviņsimt",
        scales={
            1e3: "tūkstotis/tūkstoši/tūkstošu/tūkstoš/tūkstoti/tūkst",
            1e6: "miljons/miljoni/miljonu/miljoniem/milj",
            1e9: "miljards/miljardi/miljardu/miljardiem/mljrd",
            1e12: "triljons/triljoni/triljonu",
        },
        sets={12: "ducis/duci"},
        alone="simts/simtu/simt/miljons/miljards/tūkstotis/tūkstoti/ducis",
        half="pusotra~",
        more={
            1.5: "pusotrs/pusotra/pusotru",
            5e5: "pusmiljons/pusmiljonu/pusmiljona",
            50: "pussimts",
            6: "pusducis",
        },
        one="",
        atoms="div=2 trīs=3 četr=4 piec=5 seš=6 septiņ=7 astoņ=8 deviņ=9 desmit=10 tūkstoš=1000x"
        " tūkstoši/tūkstošu=1000x simt=100x",
    ),
    Vocabulary(
        "lt",
        small="vienas~/viena~/vieną/vieno~ du~/dvi/dviejų/dviem/dvejus trys/tris~/trijų"
        " keturi/keturis/keturių/keturios penki/penkis/penkių/penkios šeši~/šešis/šešių/šešios"
        " septyni/septynis/septynių aštuoni/aštuonis/aštuonių devyni/devynis/devynių dešimt/dešimties"
        " vienuolika dvylika/dvylikos trylika keturiolika penkiolika/penkiolikos šešiolika septyniolika"
        " aštuoniolika devyniolika",
        tens="dvidešimt/dvidešimties trisdešimt keturiasdešimt penkiasdešimt šešiasdešimt septyniasdešimt"
        " aštuoniasdešimt devyniasdešimt",
        hundreds="šimtas/šimtai/šimtų/šimtą/šimtus",
        scales={
            1e3: "tūkstantis/tūkstančiai/tūkstančių/tūkstantį/tūkstančius/tūkst",
            1e6: "milijonas/milijonai/milijonų/milijoną/milijonus/milijono/mln",
            1e9: "milijardas/milijardai/milijardų/milijardą/milijardus/mlrd",
            1e12: "trilijonas/trilijonai/trilijonų",
        },
        sets={12: "tuzinas/tuziną", 10: "dešimtis/dešimtį"},
        alone="šimtas/šimtą/milijonas/milijardas/tūkstantis/tūkstantį/tuzinas/tuziną",
        half="pusė/pusę",
        more={1.5: "pusantro/pusantros"},
        one="",
    ),
    Vocabulary(
        "tr",
        small="bir~ iki~ üç~ dört~ beş~ altı~ yedi sekiz dokuz on~",
        tens="yirmi otuz kırk~ elli~ altmış yetmiş seksen doksan",
        hundreds="yüz",
        scales={
            1e3: "bin/binden/bine/bini/binlik/binin/binde/binini",
            1e6: "milyon/milyondan/milyonu/milyonluk",
            1e9: "milyar/milyardan/milyarlık",
            1e12: "trilyon",
        },
        sets={12: "düzine"},
        alone="yüz/bin",
        half="buçuk/yarım",
        one="bir",
        atoms="bir=1",
        plain=True,
        teens=True,
    ),
    Vocabulary(
        "vi",
        small="một~/mốt~ hai~ ba~ bốn~/tư~ năm~/lăm~ sáu~ bảy~/bẩy~ tám~ chín~",
        tens="",
        hundreds="trăm~",
        scales={1e3: "nghìn/ngàn", 1e6: "triệu/trieu", 1e9: "tỷ/tỉ"},
        sets={12: "tá~", 10: "chục~"},
        tenfold="mươi/mười",
        tones=True,
        half="nửa~/rưỡi",
        and_="lẻ/linh",
        one="",
        teens=True,
    ),
    Vocabulary(
        "ar",
        small="واحد~/واحدة~/أحد~/إحدى~ اثنان/اثنين/اثنتان/اثنتين/اثنا/اثني/اثنتا/اثنتي ثلاثة/ثلاث"
        " أربعة/أربع خمسة/خمس ستة/ست~ سبعة/سبع ثمانية/ثمان/ثماني تسعة/تسع عشرة/عشر",
        tens="عشرون/عشرين ثلاثون/ثلاثين أربعون/أربعين خمسون/خمسين ستون/ستين سبعون/سبعين ثمانون/ثمانين"
        " تسعون/تسعين",
        hundreds="مئة/مائة مئتان/مئتين/مائتان/مائتين/مئتي/مائتي/مئتا/مائتا ثلاثمئة/ثلاثمائة"
        " أربعمئة/أربعمائة خمسمئة/خمسمائة ستمئة/ستمائة سبعمئة/سبعمائة ثمانمئة/ثمانمائة/ثمانيمائة"
        " تسعمئة/تسعمائة",
        scales={
            1e3: "ألف/ألفا/آلاف/الف",
            1e6: "مليون/مليونا/ملايين/ملايين",
            1e9: "مليار/مليارا/مليارات/بليون",
            1e12: "تريليون/تريليونات",
        },
        sets={12: "دزينة"},
        alone="مئة/مائة/ألف/مليون/مليار/دزينة",
        half="نصف/ونصف",
        more={2000: "ألفان/ألفين/ألفي", 2e6: "مليونان/مليونين/مليوني", 2e9: "ملياران/مليارين/ملياري"},
        one="",
        and_="و",
        attached="و",
    ),
    Vocabulary(
        "fa",
        small=". دو~ سه~ چهار پنج شش هفت هشت نه~ ده~",
        tens="بیست سی~ چهل پنجاه شصت هفتاد هشتاد نود~",
        hundreds="صد/یکصد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد",
        scales={1e3: "هزار", 1e6: "میلیون", 1e9: "میلیارد", 1e12: "تریلیون"},
        alone="صد/هزار",
        half="نیم",
        and_="و",
        one="یک",
    ),
)
