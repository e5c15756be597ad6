"""Words of number of the Slavic languages, in the cases that news uses."""

from __future__ import annotations

from monitor.core.numbers.vocabulary import Vocabulary

SLAVIC = (
    Vocabulary(
        "ru",
        small="один/одна/одного/одной/одну два/две/двух/двум/двумя/двое/двоих"
        " три/трех/трем/тремя/трое/троих четыре/четырех/четырем/четырьмя/четверо/четверых"
        " пять/пяти/пятью/пятеро/пятерых шесть/шести/шестью/шестеро/шестерых"
        " семь/семи/семью~/семеро/семерых восемь/восьми/восемью девять/девяти/девятью десять/десяти/десятью"
        " одиннадцать/одиннадцати двенадцать/двенадцати/двенадцатью тринадцать/тринадцати"
        " четырнадцать/четырнадцати пятнадцать/пятнадцати/пятнадцатью шестнадцать/шестнадцати"
        " семнадцать/семнадцати восемнадцать/восемнадцати девятнадцать/девятнадцати",
        tens="двадцать/двадцати/двадцатью тридцать/тридцати/тридцатью сорок/сорока пятьдесят/пятидесяти"
        " шестьдесят/шестидесяти семьдесят/семидесяти восемьдесят/восьмидесяти девяносто/девяноста",
        hundreds="сто/ста двести/двухсот/двумстам триста/трехсот/тремстам четыреста/четырехсот"
        " пятьсот/пятисот шестьсот/шестисот семьсот/семисот восемьсот/восьмисот девятьсот/девятисот",
        scales={
            1e3: "тысяча/тысячи/тысяч/тысячу/тысяче/тысячам/тысячами/тысячах/тысячей/тыс"
            "/тысячный/тысячная/тысячного/тысячной/тысячную/тысячное",
            1e6: "миллион/миллиона/миллионов/миллионам/миллионами/миллионах/млн/миллионный/миллионная",
            1e9: "миллиард/миллиарда/миллиардов/миллиардам/миллиардами/млрд",
            1e12: "триллион/триллиона/триллионов/трлн",
        },
        sets={10: "десяток/десятка/десятков/десятком", 12: "дюжина/дюжины/дюжину", 100: "сотня/сотню/сотней"},
        alone="сто/ста/тысяча/тысячу/миллион/миллиард/десяток/дюжина/дюжину/сотня/сотню",
        half="половиной/половина",
        more={
            1.5: "полтора/полторы/полутора",
            50: "полсотни",
            500: "полтысячи",
            5e5: "полмиллиона",
            5e8: "полмиллиарда",
            150: "полтораста",
            5: "полдесятка",
            6: "полдюжины",
        },
        and_="с",
        one="",
        atoms="двух=2 трех=3 четырех=4 пяти=5 шести=6 семи=7 восьми=8 девяти=9 десяти=10 двенадцати=12"
        " пятнадцати=15 двадцати=20 тридцати=30 сорока=40 пятидесяти=50 сто=100"
        " тысячный/тысячная/тысячного/тысячной/тысячную/тысячное/тысячным/тысячном=1000",
    ),
    Vocabulary(
        "uk",
        small="один/одна/одного/одну/одне два/дві/двох/двом/двома/двоє три/трьох/трьом/трьома/троє"
        " чотири/чотирьох/чотирьом/чотирма/четверо п'ять/п'яти/п'ятьох/п'ятьма/п'ятеро"
        " шість/шести/шістьох/шестеро сім/семи/сімох/семеро вісім/восьми/вісьмох дев'ять/дев'яти/дев'ятьох"
        " десять/десяти/десятьох одинадцять/одинадцяти дванадцять/дванадцяти тринадцять/тринадцяти"
        " чотирнадцять/чотирнадцяти п'ятнадцять/п'ятнадцяти шістнадцять/шістнадцяти сімнадцять/сімнадцяти"
        " вісімнадцять/вісімнадцяти дев'ятнадцять/дев'ятнадцяти",
        tens="двадцять/двадцяти тридцять/тридцяти сорок/сорока п'ятдесят/п'ятдесяти шістдесят/шістдесяти"
        " сімдесят/сімдесяти вісімдесят/вісімдесяти дев'яносто/дев'яноста",
        hundreds="сто/ста двісті/двохсот триста/трьохсот чотириста/чотирьохсот п'ятсот/п'ятисот"
        " шістсот/шестисот сімсот/семисот вісімсот/восьмисот дев'ятсот/дев'ятисот",
        scales={
            1e3: "тисяча/тисячі/тисяч/тисячу/тисячам/тисячами/тисячах/тис"
            "/тисячний/тисячна/тисячного/тисячної/тисячну",
            1e6: "мільйон/мільйона/мільйони/мільйонів/мільйонам/млн/мільйонний",
            1e9: "мільярд/мільярда/мільярди/мільярдів/млрд",
            1e12: "трильйон/трильйони/трильйонів/трлн",
        },
        sets={10: "десяток/десятка/десятків/десятки~", 12: "дюжина/дюжину/дюжини", 100: "сотня/сотню"},
        alone="сто/ста/тисяча/тисячу/мільйон/мільярд/десяток/дюжина/дюжину/сотня/сотню",
        half="половиною/половина/пів",
        more={
            1.5: "півтора/півтори",
            50: "півсотні",
            500: "півтисячі",
            5e5: "півмільйона",
            5e8: "півмільярда",
            5: "півдесятка",
            6: "півдюжини",
        },
        and_="з/із",
        one="",
        atoms="двох=2 трьох=3 чотирьох=4 п'яти=5 шести=6 семи=7 восьми=8 дев'яти=9 десяти=10 дванадцяти=12"
        " п'ятнадцяти=15 двадцяти=20 тридцяти=30 сорока=40 п'ятдесяти=50 сто=100"
        " тисячний/тисячна/тисячного/тисячної/тисячну=1000",
    ),
    Vocabulary(
        "pl",
        small="jeden~/jedna/jednego/jedną dwa/dwie/dwóch/dwaj/dwom/dwoma/dwoje"
        " trzy/trzech/trzej/trzem/troje~ cztery/czterech/czterej/czterem pięć/pięciu sześć/sześciu"
        " siedem/siedmiu osiem/ośmiu dziewięć/dziewięciu dziesięć/dziesięciu jedenaście/jedenastu"
        " dwanaście/dwunastu trzynaście/trzynastu czternaście/czternastu piętnaście/piętnastu"
        " szesnaście/szesnastu siedemnaście/siedemnastu osiemnaście/osiemnastu dziewiętnaście/dziewiętnastu",
        tens="dwadzieścia/dwudziestu trzydzieści/trzydziestu czterdzieści/czterdziestu"
        " pięćdziesiąt/pięćdziesięciu sześćdziesiąt/sześćdziesięciu siedemdziesiąt/siedemdziesięciu"
        " osiemdziesiąt/osiemdziesięciu dziewięćdziesiąt/dziewięćdziesięciu",
        hundreds="sto~/stu~ dwieście/dwustu trzysta/trzystu czterysta/czterystu pięćset/pięciuset"
        " sześćset/sześciuset siedemset/siedmiuset osiemset/ośmiuset dziewięćset/dziewięciuset",
        scales={
            1e3: "tysiąc/tysiące/tysięcy/tysiącom/tysiącami/tysiąca/tys/tysięczny/tysięczna/tysięcznego/tysięcznej",
            1e6: "milion/miliony/milionów/miliona/milionom/mln",
            1e9: "miliard/miliardy/miliardów/miliarda/mld",
            1e12: "bilion/biliony/bilionów/bln",
        },
        sets={12: "tuzin/tuziny/tuzinów", 100: "setka/setkę"},
        alone="sto/stu/tysiąc/milion/miliard/setka/setkę/tuzin",
        half="pół",
        more={1.5: "półtora/półtorej"},
        and_="i",
        one="",
        atoms="dwu=2 trzy=3 cztero=4 pięcio=5 sześcio=6 siedmio=7 ośmio=8 dziewięcio=9 dziesięcio=10"
        " dwunasto=12 piętnasto=15 dwudziesto=20 trzydziesto=30 pięćdziesięcio=50 stu=100"
        " tysięczny/tysięczna/tysięcznego/tysięcznej/tysięczną=1000",
    ),
    Vocabulary(
        "cs",
        small="jeden~/jedna~/jednoho/jednu/jedno~ dva~/dvě/dvou/dvěma tři~/tří~ čtyři/čtyř pět~/pěti~"
        " šest/šesti~ sedm/sedmi osm/osmi devět~/devíti deset~/deseti jedenáct/jedenácti dvanáct/dvanácti"
        " třináct/třinácti čtrnáct/čtrnácti patnáct/patnácti šestnáct/šestnácti sedmnáct/sedmnácti"
        " osmnáct/osmnácti devatenáct/devatenácti",
        tens="dvacet/dvaceti třicet/třiceti čtyřicet/čtyřiceti padesát/padesáti šedesát/šedesáti"
        " sedmdesát/sedmdesáti osmdesát/osmdesáti devadesát/devadesáti",
        hundreds="sto~/sta~/set~/stě~ dvěstě třista~ čtyřista pětset šestset sedmset osmset devětset",
        scales={
            1e3: "tisíc/tisíce/tisíců/tisícům/tisíci/tis",
            1e6: "milion/miliony/milionů/milión/milióny/miliónů/milionu/mil",
            1e9: "miliarda/miliardy/miliard/miliardu/mld",
            1e12: "bilion/biliony/bilionů",
        },
        sets={12: "tucet/tuctu", 100: "stovka/stovku", 10: "desítka/desítku"},
        alone="sto/tisíc/milion/miliarda/stovka/stovku/tucet",
        half="půl/půlky",
        more={1.5: "půldruhého/poldruhého", 6: "půltuctu", 5e5: "půlmilionu"},
        and_="a",
        one="",
    ),
)
