"""The words by which a thing leads to the number behind it, and those that may stand in between.

Verbs are by language; all words are tried on every text, like those of `monitor.core.linking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Nouns whose number is meant, before what they count.
NUMBERS = (
    "number numbers count tally total zahl anzahl gesamtzahl nombre bilan bilans numero numeros cantidad"
    " cifra saldo quantidade totale bilancio aantal aantallen antal antalet antall antallet liczba liczbe"
    " liczby pocet poctu numarul число числа количество численность кількість кількості чисельність số عدد"
    " حصيلة شمار تعداد"
)
# The same behind it.
NUMBERS_BEHIND = "numbers count tally total sayısı määrä lukumäärä arv skaits skaitu skaičius"
# Things that are a sum by themselves.
SUMS = (
    "toll losses casualties deaths verluste verlusten todesopfer pertes victimes bajas perdidas victimas"
    " perdite vittime perdas baixas vitimas verliezen forluster tab straty strat потери потерь втрати"
    " втрат ztraty ztrat خسائر الخسائر ضحايا الضحايا"
)
# Verbs that say that the number of the thing before them follows.
VERBS: Mapping[str, str] = {
    "en": "rises to, rose to, risen to, rising to, grows to, grew to, grown to, climbs to, climbed to, jumps"
    " to, jumped to, increases to, increased to, soars to, soared to, swells to, swelled to, swollen to,"
    " falls to, fell to, fallen to, drops to, dropped to, reaches, reached, reaching, stands at, stand at, stood at,"
    " estimated at, estimated to be, put at, totals, totalled, totaled, totalling, totaling, now number,"
    " numbered, numbering, exceeds, exceeded, exceed, surpassed",
    "de": "stieg auf, steigt auf, steigen auf, stiegen auf, gestiegen auf, wuchs auf, wächst auf, kletterte"
    " auf, klettert auf, erhöhte sich auf, erhöht sich auf, sank auf, sinkt auf, fiel auf, beträgt,"
    " betrug, betragen, betrugen, belief sich auf, beläuft sich auf, belaufen sich auf, beliefen sich auf,"
    " liegt bei, lag bei, liegen bei, lagen bei, liegt jetzt bei, liegt nun bei, liegt inzwischen bei,"
    " erreicht, erreichte, erreichten, ist auf, sei auf, sind auf, wird auf, werden auf, hat sich auf",
    "nl": "stijgt tot, steeg tot, gestegen tot, stijgt naar, steeg naar, gestegen naar, opgelopen tot, loopt op"
    " tot, liep op tot, opgelopen naar, bedraagt, bedroeg, bedragen, bereikt, bereikte, geschat op, daalde"
    " naar",
    "sv": "stiger till, steg till, stigit till, ökar till, ökade till, ökat till, växer till, växte till,"
    " uppgår till, uppgick till, når, nådde, uppskattas till, sjönk till",
    "no": "stiger til, steg til, steget til, økte til, øker til, økt til, nådde, utgjør, anslås til, sank til",
    "da": "stiger til, steg til, steget til, vokser til, voksede til, vokset til, nåede, udgør, anslås til,"
    " faldt til",
    "fr": "s'élève à, s'élevait à, s'élèvent à, s'élevaient à, s'est élevé à, atteint, atteignait, atteignent,"
    " dépasse, dépassent, dépassait, monte à, monté à, passe à, passé à, grimpe à, grimpé à, porté à,"
    " estimé à, estimée à, estimés à, estimées à, évalué à, évaluées à, évalués à, tombe à",
    "es": "sube a, subió a, subido a, suben a, asciende a, ascendió a, ascienden a, ascendieron a, asciende ya"
    " a, aumentó a, aumenta a, aumentado a, creció a, llega a, llegó a, llegan a, llegado a, alcanza,"
    " alcanzó, alcanzan, alcanzaron, supera, superó, superan, superaron, se eleva a, se elevó a, se elevan"
    " a, se sitúa en, se estima en, se estiman en, se calcula en, estimado en, estimadas en, suman, cae a,"
    " cayó a, bajó a, se cifra en",
    "pt": "sobe para, subiu para, subiu a, aumentou para, aumenta para, chega a, chegou a, chegam a, atinge,"
    " atingiu, atingem, ultrapassa, ultrapassou, ultrapassam, somam, caiu para, eleva-se a, elevou-se a",
    "it": "sale a, salito a, salita a, saliti a, salite a, salgono a, raggiunge, raggiunto, raggiungono,"
    " supera, superato, superano, arriva a, arrivato a, arrivano a, ammonta a, ammontano a, stimato in,"
    " stimati in, stimate in, cala a, scende a, sceso a",
    "ro": "crescut la, ajuns la, urcat la, ajunge la, se ridică la, ridicat la, creşte la, depăşit, depăşeşte",
    "pl": "wzrosła do, wzrosło do, wzrosły do, wzrasta do, rośnie do, wzrosła już do, sięga, sięgnęła,"
    " sięgnęły, sięgają, osiągnęła, osiągnęły, przekroczyła, przekroczyły, przekracza, wynosi, wynosiła,"
    " wyniosła, wyniosły, wynoszą, spadła do, zwiększyła się do, szacuje się na, szacowana jest na,"
    " szacowane na, szacowane są na",
    "cs": "vzrostl na, vzrostla na, vzrostly na, vzrostl už na, stoupl na, stoupl už na, stoupla na, stouply"
    " na, stoupá na, zvýšil se na, vystoupal na, dosáhl, dosáhly, dosahuje, dosahují, překročil,"
    " překročily, činí, klesl na, odhaduje se na",
    "ru": "выросло до, выросла до, выросли до, вырос до, возросло до, возросла до, возросли до, увеличилось до,"
    " увеличилась до, увеличились до, растет до, достигло, достигла, достигли, достиг, достигает,"
    " достигают, превысило, превысила, превысили, превышает, превышают, составило, составила, составили,"
    " составляет, составляют, оценивается в, оцениваются в, снизилось до, сократилось до, упало до, дошло"
    " до, доходит до, насчитывает",
    "uk": "зросла до, зросло до, зросли до, зростає до, збільшилась до, збільшилася до, збільшилося до,"
    " збільшилось до, збільшилися до, сягнула, сягнуло, сягнули, сягає, сягають, досягла, досягло,"
    " досягли, досягає, досягають, перевищила, перевищило, перевищили, перевищує, перевищують, становить,"
    " становила, становлять, становили, склала, склало, склали, складає, складають, оцінюється в,"
    " оцінюються в, знизилася до, скоротилася до, впала до",
    "fi": "nousi, noussut, nousee, kasvoi, kasvanut, ylitti, saavutti",
    "et": "tõusis, tõusnud, kasvas, kasvanud, ulatub, ulatus, ületas",
    "lv": "pieaudzis līdz, pieauga līdz, pieaug līdz, sasniedza, sasniedzis, sasniedz, pārsniedz, pārsniedza,"
    " pārsniedzis",
    "lt": "išaugo iki, padidėjo iki, auga iki, pasiekė, siekia, siekė, viršijo, viršija",
    "vi": "tăng lên, tăng lên tới, tăng lên đến, lên tới, lên đến, đạt, vượt, vượt quá",
    "ar": "بلغ, بلغت, يبلغ, تبلغ, وصل إلى, وصلت إلى, يصل إلى, تصل إلى, ارتفع إلى, ارتفعت إلى, يرتفع إلى, ترتفع"
    " إلى, تجاوز, تجاوزت, يتجاوز, تتجاوز",
}
# The same, but only right behind the thing.
BEING = (
    "sind bereits,sind inzwischen,sind mittlerweile,sind schon,är nu,är redan,er nå,er nu,er"
    " allerede,sont,sont déjà,sont désormais,son,son ya,já são,são,sono,sono già,già,sunt deja,już,jest"
    " już,to już,už,je už,уже,вже,on jo,on nyt,on juba,ir jau,jau,hiện là"
)
# Enough behind a number or a sum; of anything else these say something else.
AFTER_SUMS = (
    "of at to is was are were hits hit passes passed tops topped von bei auf ist van op is av på er af de"
    " d' à est es a en é di è je sunt la on ir yra إلى هو هي نحو به là - :"
)
# What may stand anywhere in between.
FILLING = (
    "has have had been the los las les gli die now already so far today officially currently thus again"
    " since then also its their inzwischen mittlerweile bereits schon jetzt nun damit derzeit aktuell"
    " offiziell somit sich a ont été est désormais déjà maintenant ainsi actuellement ha han sido ya ahora"
    " hoy actualmente oficialmente já agora hoje foi è già ora oggi ormai stato stata sono nu al inmiddels"
    " is har nå redan allerede już obecnie teraz wyniosła się už nyní сейчас теперь сегодня уже официально"
    " вже нині тепер зараз сьогодні наразі deja acum on jo nyt juba jau ir đã hiện nay لقد قد حتى الآن"
    " region regions oblast области область області région región regione kraju obwodzie"
)
# Before a name these say where or whose.
BESIDE_NAMES = (
    "in im inside from on dans en au aux à du de des en w we na z ze v ve в во у на из з із od din i på"
    " från fra nel nella nelle em no na en del al ở tại في من aus von auf der den im den het the la le las"
    " los l' d'"
)
# What may follow the number: verbs that a language puts last, counting words, when it was and who says so.
CLOSING = (
    "gestiegen angestiegen gewachsen angewachsen geklettert erhöht gesunken geschätzt beziffert gestegen"
    " opgelopen geschat yükseldi çıktı ulaştı oldu yaklaştı aştı düştü رسید رسیده می‌رسد بود است نفر now"
    " according selon según segundo secondo laut według podle today сегодня человек сьогодні dziś oggi hoy"
    " hoje aujourd'hui heute yesterday вчера вчора said says"
)
# Behind these something else may be spoken of.
CONJUNCTIONS = (
    "and as while after when but because if who which that whose than und während als nachdem weil wenn"
    " et tandis quand qui que y mientras cuando e mentre quando che enquanto terwijl toen och"
    " medan som og mens oraz gdy że podczas že když zatímco şi care и а но когда что і й та але коли що ja"
    " ning ve un bet ir و حيث بينما"
)
# Rates are no sums: "1,500 a day".
EACH = "a an per al por par pro each every каждый кожен каждые w в у на за i om til op"
SPANS = (
    "day week month year night daily weekly monthly día dia semana mes año jour semaine mois tag woche monat jahr"
    " täglich день сутки неделю месяц год ежедневно добу тиждень місяць рік щодня dziennie dzień dobę miesiąc giorno"
    " settimana mese anno denně den dagen dag uke vecka gün"
)
