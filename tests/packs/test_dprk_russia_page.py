"""What a page puts around a report does not hide it, and a word is not taken for one of another language."""

from pathlib import Path

import pytest
import yaml

from monitor.core.matching import Matcher
from monitor.packs import load_pack, shipped
from spiders.items import Article

PAGES = yaml.safe_load(Path(__file__).with_name("page_lines.yaml").read_text(encoding="utf-8"))

# Words that look like a name of the concept, and are another word.
OTHERS = [
    ("history", "en", "Archive photo: soldiers on a march"),
    ("history", "es", "Foto de archivo: un buque amarrado"),
    ("history", "pl", "Zdjęcie archiwalne: dworzec"),
    ("history", "fr", "Photo d'archives : un atelier"),
    ("history", "ru", "Архивное фото: перрон"),
    ("history", "uk", "Архівне фото: двір"),
    ("history", "de", "Archivbild: ein Kai"),
    ("recruit", "en", "Sign up for our newsletter"),
    ("warns", "en", "Advertisement. Story continues below"),
    ("sign", "es", "Suscríbase a nuestro boletín"),
    ("sign", "ru", "Материал доступен по подписке"),
    ("sign", "uk", "Матеріал доступний за підпискою"),
    ("letter", "fr", "Inscrivez-vous à notre lettre d'information"),
    ("letter", "fr", "C'est ce qu'écrit le journal"),
    ("letter", "en", "He said so on the Telegram channel"),
    ("letter", "de", "Vor dem Briefing der Presse"),
    ("comparison", "de", "„Ohne Granaten“: Wie Nordkorea Russland beliefert"),
    ("comparison", "de", "Bilder zeigen, wie Nordkorea Russland beliefert"),
    ("comparison", "ru", "Как КНДР помогает России"),
    ("comparison", "uk", "Як КНДР допомагає Росії"),
    ("comparison", "es", "Cómo Corea del Norte arma a Rusia"),
    ("comparison", "pl", "Jak Korea Północna zbroi Rosję"),
    ("comparison", "it", "Come la Corea del Nord arma Mosca"),
    ("weather", "uk", "Росія погодилася на обмін"),
    ("weather", "uk", "Рішення погоджено"),
    ("south_korea", "fr", "Il l'a dit en soulignant l'urgence"),
    ("south_korea", "en", "The soul of the movement"),
    ("kim", "pl", "Z kim i po co. Kim są jeńcy"),
    ("confirms", "uk", "У визначених межах, він визначив мету"),
    ("confirms", "ru", "СССР первым признал КНДР"),
    ("confirms", "zh", "两国将相互承认驾驶执照"),
    ("confirms", "ko", "개인정보 처리 방침"),
    ("confirms", "es", "Lanza un satélite de reconocimiento"),
    ("warns", "uk", "У попередній версії"),
    ("russia", "ko", "우크라이나 대통령"),
    ("russia", "en", "The Moscow Times reported it"),
    ("tourists", "ko", "젤렌스키 대통령"),
    ("third_parties", "ko", "리창호 부총참모장"),
    ("un", "en", "The National Security Council convened"),
    ("un", "en", "The head of Russia's Security Council arrived"),
    ("un", "fr", "Le Conseil de sécurité nationale"),
    ("un", "es", "El Consejo de Seguridad Nacional"),
    ("un", "it", "Il Consiglio di sicurezza nazionale"),
    ("un", "pl", "Rada Bezpieczeństwa Narodowego"),
    ("un", "pt", "O Conselho de Segurança Nacional"),
    ("un", "uk", "Секретар Радбезу РФ"),
    ("un", "ar", "مجلس الأمن القومي"),
    ("security_council", "en", "Russia's Security Council"),
    ("security_council", "ar", "مجلس الأمن القومي"),
    ("usa", "en", "The Washington Post reported it"),
    ("usa", "zh", "据《华盛顿邮报》报道"),
    ("usa", "zh", "美丽的风景"),
    ("fight", "fr", "À la frontière"),
    ("fight", "es", "Un puesto fronterizo"),
    ("fight", "pl", "Od 21 lutego"),
    ("force", "en", "Manchester United and the United States"),
    ("purchase", "de", "Die Behörde nennt Zahlen"),
    ("plans", "en", "The plane and the plant"),
    ("visit", "en", "They don't know"),
    ("meet", "en", "A gap between the two"),
    ("people", "de", "Wie man hört"),
    ("other_states", "de", "Tausend Kubikmeter"),
    ("other_states", "en", "A game in Birmingham"),
    ("shells", "en", "A project in Munich"),
    ("sanctions", "es", "Pedro Sánchez"),
    ("supply", "pl", "Dodał, że nie wie"),
    ("ask", "pl", "Jednak to jedna z wielu"),
    ("ships", "vi", "Đoàn tàu đến ga"),
    ("war_museum", "cs", "To můžete vidět"),
    ("factory", "cs", "Na základě zprávy"),
    ("korean", "cs", "V Jižní Koreji"),
    ("tourists", "de", "Der Fall findet Beachtung"),
    ("warns", "fr", "Les sites concernés"),
    ("confirms", "en", "The report could not be verified"),
    ("confirms", "fr", "Il est difficile de vérifier"),
    ("clash", "ko", "발사장에 들어선 설비"),
    ("clash", "ko", "러시아의 군사기술 이전"),
    ("clash", "de", "Der Handel betrug 34 Millionen"),
    ("clash", "cs", "Podvodní drony z Ruska"),
    ("clash", "es", "Un duro golpe"),
    ("sport", "ko", "무역도 늘었다"),
    ("sport", "ko", "새로운 공격수단"),
    ("sport", "fr", "Les échecs de l'armée russe"),
    ("sport", "pl", "Meczet w Moskwie"),
    ("sport", "de", "Kohle aus dem Schacht"),
    ("weather", "ko", "북한파병 소식"),
    ("weather", "ko", "아직 알려지진 않았다"),
    ("weather", "ko", "문화산업 협력"),
    ("weather", "zh", "俄罗斯发射气象卫星"),
    ("weather", "en", "Losses of that magnitude"),
    ("weather", "en", "A lawmaker from Nevada"),
    ("ranking", "en", "A high-ranking general from Pyongyang"),
    ("ranking", "ko", "협력의 우선순위"),
    ("ranking", "fr", "Un indice de la présence de soldats"),
    ("ranking", "ar", "مؤشر على وجود جنود"),
    ("obituary", "ko", "외교부고위관계자"),
    ("obituary", "de", "Soldaten im Alter von 20 bis 27 Jahren"),
    ("entertainment", "de", "Das Dokument liegt vor"),
    ("entertainment", "pl", "Ministrowie podpisali dokument"),
    ("entertainment", "ru", "Роман Антонов, депутат"),
    ("entertainment", "en", "A state actor is behind it"),
    ("entertainment", "ar", "هذه هي الرواية الروسية وهي رواية موسكو"),
    ("digest", "de", "Er will in Kürze Soldaten schicken"),
    ("digest", "cs", "Stalo se to v noci"),
    ("digest", "ar", "أكبر جيش في العالم في روسيا"),
    ("comparison", "ko", "모스크바의 북한식당"),
    ("comparison", "ko", "북한화물선이 입항했다"),
    ("comparison", "zh", "卫星图像朝鲜港口"),
    ("hacking", "ar", "اختراق الجبهة"),
    ("history", "uk", "Найбільше з часів Холодної війни"),
]
# The same concepts by their own names, so that the names above did not go too far.
NAMED = [
    ("history", "en", "Declassified archives show what Stalin wrote"),
    ("history", "ru", "Рассекречены документы архивов"),
    ("recruit", "en", "Men who signed up to fight"),
    ("sign", "ru", "Министры подписали план"),
    ("sign", "ru", "Стороны подпишут план"),
    ("sign", "uk", "Міністри підписують план"),
    ("letter", "de", "Kim schickt Briefe"),
    ("letter", "fr", "Kim a écrit à Poutine"),
    ("comparison", "de", "Hier ist es wie in Nordkorea"),
    ("comparison", "de", "Das ist ja wie Nordkorea"),
    ("comparison", "ru", "Мы живём как КНДР"),
    ("weather", "uk", "Через негоду й погоду"),
    ("south_korea", "cs", "Soul to oznámil"),
    ("kim", "pl", "Putin rozmawiał z Kimem"),
    ("confirms", "uk", "Москва визнала втрати"),
    ("confirms", "ru", "Москва признала потери"),
    ("confirms", "zh", "莫斯科承认损失"),
    ("confirms", "ko", "러시아가 인정했다"),
    ("confirms", "es", "Moscú reconoció las bajas"),
    ("warns", "uk", "Київ попередив про загрозу"),
    ("ukraine", "ko", "우크라이나 대통령"),
    ("tourists", "ko", "마식령 스키장"),
    ("third_parties", "ko", "리창 총리"),
    ("un", "en", "The Security Council convened"),
    ("un", "pl", "Rada Bezpieczeństwa ONZ"),
    ("un", "uk", "Засідання Радбезу"),
    ("usa", "en", "Washington said so"),
    ("fight", "cs", "Bojuje se na frontě"),
    ("force", "fr", "Une unité d'élite"),
    ("purchase", "de", "Sie zahlen mit Öl"),
    ("shells", "pt", "Um milhão de munições"),
    ("ships", "vi", "Con tàu cập cảng"),
    ("build", "de", "Russland und Nordkorea bauen ein Werk"),
    ("factory", "de", "Eine gemeinsame Munitionsfabrik"),
    ("clash", "ko", "북한 어선 나포"),
    ("clash", "ko", "투자사기 일당"),
    ("clash", "de", "Ermittlungen wegen Betrugs"),
    ("sport", "ko", "역도 선수권"),
    ("weather", "ko", "지진 발생"),
    ("weather", "ko", "북한에 한파"),
    ("weather", "ru", "Непогода и погода на выходные"),
    ("ranking", "en", "It came last in the ranking"),
    ("obituary", "de", "Er starb im Alter von 90 Jahren"),
    ("entertainment", "ru", "Новый роман писателя"),
    ("entertainment", "en", "The actor plays a spy"),
    ("digest", "de", "Kompakt: was heute wichtig war"),
    ("page_line", "en", "Archive photo: a harbour"),
    ("page_line", "ja", "資料写真：港"),
]


@pytest.fixture(scope="module")
def matcher():
    return Matcher([load_pack(shipped("dprk-russia"))])


@pytest.fixture(scope="module")
def rules_on(matcher):
    def find(title, text, language):
        readings = matcher.read(Article("https://a.example/1", title, text, language=language))
        return {match.rule for match in matcher.matches(readings)}

    return find


@pytest.fixture(scope="module")
def concepts_in(matcher):
    def find(text, language):
        (reading,) = matcher.read(Article("https://a.example/1", "", text, language=language))
        return set(reading.keys)

    return find


@pytest.mark.parametrize("language", PAGES)
def test_a_line_of_the_page_above_a_report_does_not_hide_it(language, rules_on):
    title, body, lines = (PAGES[language][key] for key in ("title", "body", "lines"))
    alone = rules_on(title, body, language)
    assert alone
    assert [line for line in lines if not alone <= rules_on(title, f"{line}\n\n{body}", language)] == []


@pytest.mark.parametrize("language", PAGES)
def test_a_line_of_the_page_is_no_report(language, rules_on):
    lines = PAGES[language]["lines"]
    assert len(lines) >= 12
    assert [line for line in lines if rules_on("", line, language)] == []


@pytest.mark.parametrize("line", ["Sport: the two teams met at football.", "Hackers were blamed."])
def test_a_pastime_in_the_lead_still_says_that_the_two_meet_by_chance(line, rules_on):
    title, body = PAGES["en"]["title"], PAGES["en"]["body"]
    assert rules_on(title, f"{line}\n\n{body}", "en") == set()


@pytest.mark.parametrize(("concept", "language", "text"), OTHERS)
def test_another_word_is_not_taken_for_a_name(concept, language, text, concepts_in):
    assert concept not in concepts_in(text, language)


@pytest.mark.parametrize(("concept", "language", "text"), NAMED)
def test_a_name_is_still_found(concept, language, text, concepts_in):
    assert concept in concepts_in(text, language)
