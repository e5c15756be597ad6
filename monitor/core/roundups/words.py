"""What live blogs, tickers, digests and newsletters call themselves, by language; every language is tried.

Phrases are divided by semicolons and written like the terms of a pack: `*` for any ending, `{a|b}` for either. A
bracket says that a part of the title must begin or end there, as at its ends, at a colon, bar, bracket or dash:
`[live]` is found in `War in Ukraine – live`, not in `live ammunition`. A comma divides it only before
them. A colon at the end asks for one in the title, `#` for a number, `##` for one of two digits or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ANNOUNCING: Mapping[str, str] = {
    "en": """
        [live]; live:; liveblog*; live blog*; live ticker; [live updates; live updates]; live news updates;
        [live coverage]; live coverage:; live briefing]; [rolling coverage]; minute by minute; [as it happened];
        [running updates]; {war|crisis|conflict|ukraine|gaza|israel|middle east} latest:;
        latest updates]; [{the latest|latest} on {ukraine|gaza|israel|the war|the conflict|the crisis};
        what we know on day; list of key events; [key events]; key events so far; key moments so far; [day ##];
        {war|crisis|conflict|ukraine|gaza|world|news|day|week} at a glance; at a glance: what we know;
        [{morning|evening|midday|afternoon|daily|nightly|weekend|world|news|europe|asia|war} briefing];
        [{monday|tuesday|wednesday|thursday|friday|saturday|sunday} briefing];
        [{monday|tuesday|wednesday|thursday|friday|saturday|sunday}'s briefing]; [the briefing]; war briefing:;
        [ukraine briefing]; [your {morning|evening|monday|tuesday|wednesday|thursday|friday|weekend} briefing];
        [newsletter]; newsletter:; {morning|evening|daily|weekly|weekend|news} newsletter; firstft;
        [the morning after]; morning risk report; {news|world|war} in brief; [in brief];
        {news|world|weekly|daily|morning|evening|weekend} {roundup|round up|wrap};
        {news|world|weekly|daily|morning|evening|weekend} {wrapup|wrap up|digest|recap};
        {war|ukraine|asia|europe} {roundup|round up|wrap|wrapup|wrap up|digest|recap};
        {tech|business|review|sports} {roundup|round up|wrap|wrapup|wrap up|digest|recap};
        [{roundup|round up|digest|recap|news wrap}]; {roundup|round up}]; [{roundup|round up} of;
        [{roundup|round up}; week in review; year in review; month in review;
        {this week|the week|this week in|the week in} in {news|review|pictures|brief};
        highlights of the {week|day}; [{top|today's|today's top|monday's|friday's} {stories|headlines}];
        [top {stories|headlines|news} {of|for|this|today|at}; {stories|headlines} of the {day|week}; [headlines];
        [news headlines; what you need to know {today|this morning|this evening|this week};
        things to know {today|this morning|this week};
        things to know for {monday|tuesday|wednesday|thursday|friday|saturday|sunday}; [the day ahead];
        [the week ahead]; [week ahead]; [morning brief]; [morning edition]; [evening edition]; [press review];
        [morning report]; [news {bulletin|summary|digest}; news {summary|digest}]
    """,
    "de": """
        liveblog*; live blog*; liveticker*; live ticker*; newsticker*; news ticker*; newsblog*; news blog*;
        [ticker]; ticker:; ukraine ticker; kriegsticker; minutenprotokoll; [aktuelle entwicklungen];
        alle entwicklungen im;
        {die nachrichten|nachrichten|die meldungen|die entwicklungen} {im überblick|in kürze|kompakt};
        {die lage|der tag|die nacht|die woche} {im überblick|in kürze|kompakt}; nachrichtenüberblick;
        [die lage am {morgen|abend|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag};
        nachrichten {am|vom} {morgen|mittag|abend}; [das wichtigste {am|vom|zum};
        das wichtigste {am morgen|am abend|vom tag|des tages|der woche|in kürze}; meldungen des tages;
        nachrichten des tages; kurznachrichten]; [kurznachrichten; kurzmeldungen; kurz gemeldet; kurz notiert;
        [in kürze]; [kurz und kompakt]; weltnachrichten;
        was {heute|am montag|am dienstag|am mittwoch|am donnerstag|am freitag} wichtig {ist|wird|war};
        was in der nacht {geschah|passiert ist|passierte}; was {heute|am wochenende} passiert ist; morgenlage;
        [tag ##]; wochenrückblick; tagesrückblick; [presseschau]; [morgenbriefing]; [morning briefing;
        [abendbriefing]
    """,
    "fr": """
        [en direct]; {guerre|ukraine|gaza|israël|liban|proche orient} en direct; [direct]; [le direct];
        [suivi en direct]; [en continu]; minute par minute; heure par heure;
        {le fil|le live|le direct} {de|du} {la journée|jour};
        l'essentiel de {l'actu*|la journée|la semaine|la nuit}; [l'essentiel]; [le point sur la situation;
        {les infos|les titres|l'actu|les actualités} {du jour|de la semaine|de la nuit|du matin};
        ce qu'il faut retenir de {l'actu*|la journée|la semaine|la nuit};
        ce qu'il faut retenir de {ce lundi|ce mardi|ce mercredi|ce jeudi|ce vendredi};
        ce qu'il faut retenir ce {matin|soir}; revue de presse; [en bref]; [le récap];
        le récap de la {journée|semaine|nuit}; [le brief]; [newsletter]; [infolettre]; [jour ##];
        les principales infos;
        {la journée|la semaine|le monde|l'actu|l'actualité} en {bref|un coup d'oeil|images};
        faits marquants de la {journée|semaine}; [la matinale]; les {cinq|5|dix|10|trois|3} infos {à|du|qu'il}
    """,
    "es": """
        [en directo]; [directo]; [en vivo]; {guerra|ucrania|gaza|israel} en {directo|vivo};
        última hora en {directo|vivo}; minuto a minuto; {última hora|últimas noticias} de la guerra;
        {noticias|últimas noticias} en {directo|vivo}; resumen de noticias;
        resumen {del día|de la jornada|de la semana|semanal|informativo};
        {las noticias|noticias} {del día|de hoy|en breve|de la semana};
        {las claves|claves|titulares|los titulares} {del día|de la jornada|de la semana}; boletín de noticias;
        [boletín]; breves internacionales; [breves];
        lo más {importante|destacado} {del día|de la semana|de hoy}; [día ##];
        {el mundo|la semana|el día} en {breve|imágenes|cinco noticias|un minuto|dos minutos}; [newsletter];
        revista de prensa; {las|los} {cinco|5|diez|10} {noticias|hechos} {del|de|que}
    """,
    "it": """
        [in diretta]; {guerra|ucraina|gaza|israele} in diretta; [diretta]; [la diretta]; diretta live; [live];
        ultime notizie in diretta; minuto per minuto;
        {le notizie|notizie|le news|i fatti|i titoli} {del giorno|di oggi|della settimana};
        {le notizie|notizie|le news|i fatti|i titoli} {del mattino|della sera|in breve};
        {le notizie|notizie} delle #; le ultime notizie]; ultime notizie oggi; rassegna stampa;
        {il mondo|notizie} in breve; [in breve]; in breve dal mondo; brevi dal mondo;
        {il punto|il riassunto} {della giornata|del giorno|della settimana};
        cosa è successo {oggi|stanotte|questa settimana}; [giorno ##]; la giornata in {breve|sintesi};
        [newsletter]; [brevi]
    """,
    "pt": """
        [ao vivo]; [em direto]; [direto]; {guerra|ucrânia|gaza|israel} {ao vivo|em direto|em tempo real};
        minuto a minuto; [em tempo real]; resumo {do dia|da semana|de notícias|da noite};
        {notícias|as notícias} {do dia|da semana|em resumo|de hoje}; as principais notícias;
        {o que aconteceu|destaques} {hoje|do dia|da semana|de hoje}; revista de imprensa; giro de notícias;
        [dia ##]; [em resumo]; [boletim]; [newsletter]; o mundo em {breve|resumo|imagens}
    """,
    "pl": """
        [na żywo]; {wojna|ukraina|ukrainie} na żywo; relacja na żywo; relacja live; minuta po minucie;
        godzina po godzinie;
        najważniejsze {wydarzenia|informacje|wiadomości} {dnia|nocy|tygodnia|weekendu|ostatni*|minion*};
        najważniejsze {wydarzenia|informacje|wiadomości} {poranka|wieczoru|poniedziałku};
        najważniejsze {wydarzenia|informacje|wiadomości} {wtorku|środy|czwartku|piątku};
        [najważniejsze wydarzenia]; podsumowanie {dnia|nocy|tygodnia|weekendu|wydarzeń};
        {przegląd|skrót} {wydarzeń|prasy|tygodnia|dnia|wiadomości}; [prasówka]; prasówka]; wiadomości ze świata];
        [wiadomości ze świata; {wydarzenia|wiadomości} {dnia|w skrócie|w pigułce|tygodnia}; [w skrócie];
        [dzień ##]; [dzień wojny; rzeczy, które warto wiedzieć #;
        co {wydarzyło|działo} się {w nocy|minionej nocy|dziś}; [newsletter]; raport dnia
    """,
    "cs": """
        [živě]; [online]; {válka|ukrajině|ukrajina} {online|živě}; on line přenos; minutu po minutě;
        {přehled|souhrn} {zpráv|dne|událostí|týdne|noci}; zprávy {ve zkratce|dne|v kostce}; svět v kostce;
        [stalo se]; co se {stalo|dělo} {v noci|přes noc|dnes|včera}; události {dne|týdne} v kostce; [den ##];
        ranní {přehled|brífink|souhrn}; [ve zkratce]
    """,
    "ru": """
        онлайн трансляция; текстовая трансляция; текстовый онлайн; [онлайн]; {война|украине|украина} онлайн;
        [хроника]; хроника {дня|недели|ночи|событий|войны|спецоперации};
        {главное|самое главное|главные события} за {день|сутки|ночь|неделю|час|утро};
        {главные новости|события|итоги|новости} за {день|сутки|ночь|неделю|час|утро};
        {главное|самое главное|главные события} за {выходные|минувшие сутки|прошедшую неделю};
        {главные новости|события|итоги|новости} за {выходные|минувшие сутки|прошедшую неделю};
        {главное|самое главное|главные события} за {прошлую неделю|последний час|последние сутки};
        {главные новости|события|итоги|новости} за {прошлую неделю|последний час|последние сутки};
        {главное|самое важное|самое главное|важное} к {утру|вечеру|этому часу};
        {главные|основные|важнейшие} {события|новости} {дня|недели|ночи|суток|часа|утра|к};
        {что известно|новости|события|ситуация} к {утру|вечеру|этому часу};
        что {произошло|случилось} {за ночь|за сутки|за день|ночью|к утру|за неделю}; дайджест*;
        {итоги|события|новости} {дня|недели|часа}; коротко о главном; [коротко]; смотрите в этом выпуске;
        выпуск новостей; выпуск программы; {утренний|вечерний|дневной} выпуск;
        обзор {прессы|сми|событий|новостей|недели}; лента новостей;
        сводка {новостей|событий|за день|за сутки|за ночь}; минута за минутой; [в прямом эфире]; [рассылка];
        {пять|5|десять|10|три|семь|7} {событий|новостей} {дня|недели|к утру|которые}; [день ##]
    """,
    "uk": """
        онлайн трансляція; текстова трансляція; текстовий онлайн; [онлайн]; [наживо]; [хроніка];
        хроніка {дня|тижня|ночі|подій|війни};
        {головне|найголовніше|головні події} за {день|добу|ніч|тиждень|годину|ранок|вихідні|минулу добу};
        {головні новини|події|підсумки|новини} за {день|добу|ніч|тиждень|годину|ранок|вихідні|минулу добу};
        {головне|найважливіше|найголовніше} на {ранок|вечір|цю годину};
        {головні|основні|найважливіші} {події|новини} {дня|тижня|ночі|доби|ранку};
        що {відомо|сталося|трапилося} {на ранок|на вечір|за ніч|за добу|вночі|до ранку}; дайджест*;
        {підсумки|події|новини} {дня|тижня}; коротко про головне; [коротко]; світ за добу; добірка {подій|новин};
        [головні новини]; огляд {преси|змі|подій|новин|тижня}; стрічка новин; зведення {новин|подій|за добу};
        хвилина за хвилиною; [випуск новин; [день ##]
    """,
    "bg": """
        [на живо]; минута по минута; {обзор|преглед} на {деня|печата|седмицата};
        {новините|събитията|най важното} {от деня|на деня|за деня|от седмицата|накратко}; [накратко]
    """,
    "sr": """
        [uživo]; [уживо]; iz minuta u minut; из минута у минут; {pregled|najvažnije vesti|vesti|vijesti} dana;
        pregled {štampe|vesti|nedelje}; dnevni pregled
    """,
    "nl": """
        liveblog*; [nieuwsoverzicht; nieuwsoverzicht];
        {het nieuws|nieuws} van {de dag|vandaag|de nacht|deze week}; weekoverzicht; dagoverzicht; [in het kort];
        van minuut tot minuut; [nieuwsbrief]; [dag ##]; dit {moet je weten|is het nieuws} {vandaag|vanochtend};
        {dit|wat} gebeurde er {vannacht|vandaag}; het laatste nieuws]
    """,
    "sv": """
        direktrapport*; liverapport*; [i korthet]; nyheter i korthet; dygnet i korthet; veckans nyheter;
        nyhetssvep*; nyhetsöversikt*; nyhetsbrev:; [senaste nytt]; minut för minut; [dag ##]; morgonsvep*
    """,
    "da": """
        [direkte]; minut for minut; minutt for minutt; [siste nytt]; [seneste nyt]; dagens overblik;
        nyhedsoverblik; nyhetsoversikt; [kort nyt]
    """,
    "fi": """
        hetki hetkeltä; liveseuranta; [suora seuranta]; uutiskooste;
        {päivän|viikon|yön} {uutiset|tärkeimmät|pääuutiset}; [tuoreimmat tiedot]
    """,
    "hu": """
        percről percre; [élő]; hírösszefoglaló; a {nap|hét} {hírei|legfontosabb hírei}; napi összefoglaló
    """,
    "ro": """
        [live text]; live text; minut cu minut; [în direct]; {știrile|rezumatul} {zilei|săptămânii};
        revista presei; [ziua ##]
    """,
    "el": """
        [ζωντανά]; λεπτό προς λεπτό; {τα νέα|οι ειδήσεις|τα γεγονότα} της {ημέρας|εβδομάδας}; σύνοψη ειδήσεων;
        δελτίο ειδήσεων; [live]
    """,
    "tr": """
        [canlı]; canlı anlatım; canlı blog; dakika dakika;
        {günün|haftanın|gecenin} {özeti|öne çıkan|öne çıkanları|haberleri|önemli|gelişmeleri|manşetleri};
        gündem özeti; haber turu; {sabah|akşam} bülteni; [bülten]; haber bülteni; basın özeti
    """,
    "lt": "[gyvai]; {dienos|savaitės} {apžvalga|naujienos|įvykiai}; minutė po minutės; [trumpai]",
    "lv": """
        [tiešraide]; teksta tiešraide; {dienas|nedēļas} {apskats|notikumi|ziņas}; minūti pa minūtei; [īsumā]
    """,
    "et": """
        otseblog*; {päeva|nädala} {uudised|kokkuvõte|olulisemad}; minut minutilt; [lühidalt]
    """,
    "ko": """
        {위기|전쟁} 실시간]; [라이브]; [라이브 업데이트; 라이브 블로그; [실시간];
        [실시간 {뉴스|업데이트|상황|중계|종합|타임라인|속보}; {이 시각|이시각} {주요|세계|뉴스|국제|헤드라인};
        [{이 시각|이시각}]; {주요 뉴스|주요뉴스|주요 기사|주요 소식};
        [{오늘의 |내일의 |이번 주 |금주의 |금주 |}주요 일정;
        [오늘의 {국제뉴스|뉴스|주요|헤드라인|세계|국제|소식}; {세계|지구촌|해외|국제|외신|북한} 단신; [단신];
        [단신 모음; 간추린 {뉴스|국제뉴스|소식|아침}; [{아침|저녁|모닝|이브닝|데일리|위클리|주간|뉴스} 브리핑;
        {뉴스|국제|아침|주요} 헤드라인; [헤드라인]; [헤드라인 뉴스; {뉴스|소식} {모음|종합|다이제스트|한눈에};
        다이제스트; [뉴스레터; {한 주간|한주간|이번 주|금주의|이주의|주간} {뉴스|소식|이슈|동향};
        {1분|3분|5분} 뉴스; {외신|신문|언론} {모음|브리핑}; [뉴스룸 모음; 밤사이 {뉴스|주요|들어온|세계}
    """,
    "ja": """
        [ライブ]; ライブ更新; ライブブログ; [リアルタイム]; リアルタイム更新; リアルタイム{速報|中継}; 速報一覧;
        速報まとめ; ニュースまとめ; ニュース一覧; [まとめ]; まとめ読み;
        {1週間|今週|一週間|一日|きょう|今日|一連}{の|の動き|のニュース|の出来事}まとめ]; 動きまとめ];
        {けさ|今朝|きょう|今日|今週|昨夜|昨日|夜|朝|夕方}の{主な|}ニュース; {主な|主要|注目の}ニュース;
        世界の動き; 世界のニュース; 海外短信; 国際短信; [短信]; [ヘッドライン; ニュースヘッドライン;
        ダイジェスト; [ニュースレター; [朝刊]; [夕刊];
        {朝刊|夕刊|夜間|朝}{の|}{ダイジェスト|ヘッドライン|ポイント}; {今週|先週}の{出来事|振り返り};
        時々刻々の動き; モーニングブリーフィング; [朝ニュース]; 3分ニュース; ニュースフラッシュ
    """,
    "zh": """
        [直播]; {图文|文字|滚动}直播; {实时|滚动|持续}{更新|播报|报道|新闻|快讯}; 滚动消息;
        {要闻|新闻|国际|时事|财经|全球|天下}{速览|速递|汇总|集锦|早报|晚报|早知道|简讯|简报|回顾|盘点};
        {一周|本周|上周|每周|每日|今日|昨日|隔夜|早间|晚间|午间|国际|当日|头条}要闻;
        {一周|本周|上周|每周|早间|晚间|午间|隔夜}{新闻|国际|天下|时事|热点|大事|回顾|综述|盘点|简报}; [早报];
        [晚报]; [午报]; 新闻早餐; 新闻联播{主要内容|文字版|要点}; 一分钟{看世界|读懂世界|新闻};
        [{昨夜|昨晚}今晨]; 天下事; 国际快讯; [世界新闻]; 新闻{摘要|简报|早班车|晚班车|大事}; [简讯]; [快讯汇总;
        大事{记|件}一览; 重点新闻; 新闻懒人包; [懒人包]; 头条新闻:; 电子报; 三分钟看
    """,
    "vi": """
        [trực tiếp]; tường thuật trực tiếp; cập nhật liên tục; [điểm tin; điểm tin]; [tin vắn; tin vắn];
        bản tin {sáng|trưa|chiều|tối|cuối ngày|thời sự|24h|thế giới}; [tin {nóng|tức} thế giới;
        {thế giới|tin thế giới} 24h; thế giới nổi bật {trong|tuần|ngày};
        {sự kiện|tin tức} nổi bật {trong ngày|trong tuần|tuần qua|ngày}; [toàn cảnh thế giới; tổng hợp tin tức;
        cập nhật từng phút; [điểm báo; thế giới trong tuần; tin {nổi bật|nóng} {trong ngày|ngày}
    """,
    "id": """
        [langsung]; live update*; laporan langsung:; rangkuman berita;
        {berita|kabar} {terpopuler|sepekan|hari ini}; kilas {dunia|berita|balik sepekan}; menit demi menit;
        [hari ke ##]; sepekan terakhir:
    """,
    "ar": """
        [مباشر]; [تغطية مباشرة; تغطية مباشرة]; [تغطية مستمرة]; تغطية متواصلة]; لحظة بلحظة; دقيقة بدقيقة;
        [تحديث مباشر]; تحديثات {مباشرة|حية}; {موجز|ملخص|نشرة|جولة} {الأخبار|الأنباء|إخبارية|اليوم}; [الموجز;
        [النشرة الإخبارية; [موجز; أهم {الأخبار|الأنباء|أخبار|عناوين|الأحداث};
        {أبرز|أهم} {أحداث|عناوين} {اليوم|الأسبوع|الصحف|الساعة}; [{أبرز|أهم|آخر} {الأحداث|التطورات};
        حصاد {اليوم|الأسبوع|الأخبار}; أخبار {العالم|الساعة} {اليوم|في}; العالم في {أسبوع|24 ساعة|دقائق|يوم};
        أقوال الصحف; عناوين {الصحف|الأخبار}; [اليوم ##]
    """,
    "fa": """
        [زنده]; لحظه به لحظه; دقیقه به دقیقه; {خلاصه|مرور|گزیده} {اخبار|خبرها};
        مهمترین {اخبار|خبرهای} {روز|امروز|هفته}; مهم ترین {اخبار|خبرهای} {روز|امروز|هفته}; سرخط {خبرها|اخبار};
        پوشش زنده
    """,
    "he": """
        [שידור חי]; [לייב]; עדכונים שוטפים; עדכונים חיים; דקה אחר דקה; {חדשות|מבזקי|אירועי} {היום|השבוע|הלילה};
        סיכום {היום|השבוע|הלילה}; [מבזקים]; סקירת עיתונות
    """,
    "hi": """
        [लाइव]; लाइव अपडेट*; लाइव ब्लॉग;
        {आज की|दिनभर की|दिन भर की|अब तक की|सुबह की} {बड़ी खबरें|ताजा खबरें|मुख्य खबरें|सुर्खियां};
        {टॉप|मुख्य} {न्यूज़|न्यूज|समाचार|हेडलाइंस}; पल पल की; न्यूज़ बुलेटिन
    """,
    "th": """
        [สด]; อัปเดตสด; รายงานสด; สรุปข่าว; ข่าวเด่น; รวมข่าว; นาทีต่อนาที; ข่าวรอบ{โลก|วัน|สัปดาห์}
    """,
}

SENTENCE_WORDS = frozenset(
    """
    how where who whom whose what why when that which they we you i he she people men women to can could must will
    would should may might still long saturday watch watching go goes went going streaming not never
    """.split()  # noqa: SIM905  such a list of strings would fill the page
)
"""Words that make a verb of `live`, or a broadcast: `How North Koreans live: …`, `Watch live: …`."""

URGENT = """
    breaking; breaking news; urgent; just in; alert; eil; eilmeldung; eilt; exklusiv; update; video; urgente;
    última hora; alerte; flash; pilne; z ostatniej chwili; срочно; молния; терміново; 속보; 速報; 突发; 快讯;
    عاجل; son dakika
"""
"""Calls between plus signs that are no item of a ticker."""

SECTIONS = frozenset(
    {"live", "live-news", "live-updates", "live-blog", "live-ticker", "livestory", "newsticker", "newsblog"}
)
"""Folders of an address in which live blogs stand."""

PARTS_OF_SECTIONS = ("liveblog", "liveticker", "newsticker", "live-updates")
"""Parts of addresses that say the same."""
