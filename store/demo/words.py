"""What the demo's people say, in four languages, sentence by sentence."""

# A skill's key, and what it is called within a sentence of each language.
SKILLS = {
    "guitar": ("guitar", "Gitarre", "la guitare", "guitarra"),
    "piano": ("piano", "Klavier", "le piano", "piano"),
    "violin": ("violin", "Geige", "le violon", "violín"),
    "drums": ("drums", "Schlagzeug", "la batterie", "batería"),
    "ukulele": ("ukulele", "Ukulele", "le ukulélé", "ukelele"),
    "singing": ("singing", "Singen", "le chant", "canto"),
    "music-theory": ("music theory", "Musiktheorie", "le solfège", "teoría musical"),
    "german": ("German", "Deutsch", "l'allemand", "alemán"),
    "english": ("English", "Englisch", "l'anglais", "inglés"),
    "french": ("French", "Französisch", "le français", "francés"),
    "spanish": ("Spanish", "Spanisch", "l'espagnol", "español"),
    "italian": ("Italian", "Italienisch", "l'italien", "italiano"),
    "portuguese": ("Portuguese", "Portugiesisch", "le portugais", "portugués"),
    "arabic": ("Arabic", "Arabisch", "l'arabe", "árabe"),
    "japanese": ("Japanese", "Japanisch", "le japonais", "japonés"),
    "turkish": ("Turkish", "Türkisch", "le turc", "turco"),
    "python": ("Python", "Python", "Python", "Python"),
    "javascript": ("JavaScript", "JavaScript", "JavaScript", "JavaScript"),
    "web-development": ("web development", "Webentwicklung", "le développement web", "desarrollo web"),
    "excel": ("Excel", "Excel", "Excel", "Excel"),
    "data-analysis": ("data analysis", "Datenanalyse", "l'analyse de données", "análisis de datos"),
    "computer-basics": ("computer basics", "Computer-Grundlagen", "l'informatique de base", "informática básica"),
    "photography": ("photography", "Fotografie", "la photographie", "fotografía"),
    "drawing": ("drawing", "Zeichnen", "le dessin", "dibujo"),
    "watercolour": ("watercolour", "Aquarellmalerei", "l'aquarelle", "acuarela"),
    "calligraphy": ("calligraphy", "Kalligrafie", "la calligraphie", "caligrafía"),
    "video-editing": ("video editing", "Videoschnitt", "le montage vidéo", "edición de vídeo"),
    "graphic-design": ("graphic design", "Grafikdesign", "le graphisme", "diseño gráfico"),
    "pottery": ("pottery", "Töpfern", "la poterie", "cerámica"),
    "sewing": ("sewing", "Nähen", "la couture", "costura"),
    "knitting": ("knitting", "Stricken", "le tricot", "punto"),
    "woodworking": ("woodworking", "Holzarbeiten", "le travail du bois", "carpintería"),
    "bread-baking": ("bread baking", "Brotbacken", "le pain maison", "pan casero"),
    "italian-cooking": ("Italian cooking", "italienische Küche", "la cuisine italienne", "cocina italiana"),
    "indian-cooking": ("Indian cooking", "indische Küche", "la cuisine indienne", "cocina india"),
    "vegan-cooking": ("vegan cooking", "vegane Küche", "la cuisine végane", "cocina vegana"),
    "fermentation": ("fermentation", "Fermentieren", "la fermentation", "fermentación"),
    "yoga": ("yoga", "Yoga", "le yoga", "yoga"),
    "meditation": ("meditation", "Meditation", "la méditation", "meditación"),
    "massage": ("massage", "Massage", "le massage", "masaje"),
    "running": ("running", "Laufen", "la course à pied", "correr"),
    "swimming": ("swimming", "Schwimmen", "la natation", "natación"),
    "climbing": ("climbing", "Klettern", "l'escalade", "escalada"),
    "tennis": ("tennis", "Tennis", "le tennis", "tenis"),
    "salsa": ("salsa", "Salsa", "la salsa", "salsa"),
    "tango": ("tango", "Tango", "le tango", "tango"),
    "chess": ("chess", "Schach", "les échecs", "ajedrez"),
    "public-speaking": ("public speaking", "Reden vor Publikum", "la prise de parole", "hablar en público"),
    "creative-writing": ("creative writing", "kreatives Schreiben", "l'écriture créative", "escritura creativa"),
    "mathematics": ("mathematics", "Mathematik", "les mathématiques", "matemáticas"),
    "physics": ("physics", "Physik", "la physique", "física"),
    "bicycle-repair": ("bicycle repair", "Fahrradreparatur", "la réparation de vélos", "reparación de bicicletas"),
    "gardening": ("gardening", "Gärtnern", "le jardinage", "jardinería"),
    "beekeeping": ("beekeeping", "Imkern", "l'apiculture", "apicultura"),
    "vegetable-growing": ("vegetable growing", "Gemüseanbau", "le potager", "huerto"),
    "dog-training": ("dog training", "Hundeerziehung", "l'éducation canine", "adiestramiento canino"),
    "first-aid": ("first aid", "Erste Hilfe", "les premiers secours", "primeros auxilios"),
    "job-interviews": (
        "job interviews",
        "Vorstellungsgespräche",
        "les entretiens d'embauche",
        "entrevistas laborales",
    ),
    "accounting": ("accounting", "Buchhaltung", "la comptabilité", "contabilidad"),
    "sign-language": ("sign language", "Gebärdensprache", "la langue des signes", "lengua de signos"),
}
LANGUAGES = ("en", "de", "fr", "es")

OFFER_TITLES = {
    "en": (
        "{skill} for beginners",
        "Learn {skill} at your own pace",
        "{skill}, one to one",
        "Patient {skill} lessons",
        "{skill} over a cup of tea",
        "Brush up your {skill}",
        "{skill} from scratch",
        "An hour of {skill} a week",
        "{skill} in {city}",
        "Hands-on {skill}",
    ),
    "de": (
        "{skill} für den Anfang",
        "{skill} in deinem Tempo",
        "{skill} zu zweit",
        "{skill} mit viel Geduld",
        "{skill} bei einer Tasse Tee",
        "{skill} auffrischen",
        "{skill} von Grund auf",
        "Eine Stunde {skill} pro Woche",
        "{skill} in {city}",
        "{skill} ganz praktisch",
    ),
    "fr": (
        "Débuter : {skill}",
        "{skill} à votre rythme",
        "{skill}, à deux",
        "{skill}, avec patience",
        "{skill} autour d'un thé",
        "Reprendre {skill}",
        "{skill} depuis le début",
        "Une heure par semaine : {skill}",
        "{skill} à {city}",
        "{skill} par la pratique",
    ),
    "es": (
        "{skill} para principiantes",
        "{skill} a tu ritmo",
        "{skill}, cara a cara",
        "{skill} con paciencia",
        "{skill} con una taza de té",
        "Refresca: {skill}",
        "{skill} desde cero",
        "Una hora de {skill} por semana",
        "{skill} en {city}",
        "{skill} de forma práctica",
    ),
}

REQUEST_TITLES = {
    "en": ("Looking for help with {skill}", "Who teaches me {skill}?", "I would love to learn {skill}"),
    "de": ("Suche Hilfe: {skill}", "Wer zeigt mir {skill}?", "Ich möchte es endlich lernen: {skill}"),
    "fr": ("Je cherche de l'aide : {skill}", "Qui m'apprend {skill} ?", "J'aimerais apprendre {skill}"),
    "es": ("Busco ayuda con {skill}", "¿Quién me enseña {skill}?", "Me gustaría aprender {skill}"),
}

# One of each row, in this order, makes a description.
OFFERS = {
    "en": (
        (
            "I have done this for {years} years and still enjoy every week of it.",
            "I learnt it late and remember what is hard about it.",
            "It began as a hobby and became the best part of my week.",
            "For {years} years it has been what I do when nobody needs me.",
        ),
        (
            "We begin where you are, with whatever you already know.",
            "You need nothing but some curiosity.",
            "Bring a question, and we find the answer together.",
            "We work on something of your own from the first day.",
        ),
        (
            "I explain a lot and hurry nobody.",
            "You do it yourself, I only watch your hands.",
            "Small steps, each of them finished.",
            "Mistakes are welcome, they make the better stories.",
        ),
        (
            "Evenings suit me best.",
            "I am free at weekends.",
            "Mornings before work are fine, too.",
            "I answer within a day.",
        ),
    ),
    "de": (
        (
            "Ich mache das seit {years} Jahren und freue mich jede Woche darauf.",
            "Ich habe es spät gelernt und weiß noch, was schwer ist.",
            "Es war ein Hobby und ist das Schönste an meiner Woche geworden.",
            "Seit {years} Jahren tue ich das, wenn mich niemand braucht.",
        ),
        (
            "Wir fangen da an, wo du stehst.",
            "Du brauchst nichts als ein wenig Neugier.",
            "Bring eine Frage mit, die Antwort finden wir zusammen.",
            "Vom ersten Tag an arbeiten wir an etwas Eigenem.",
        ),
        (
            "Ich erkläre viel und dränge niemanden.",
            "Du machst es selbst, ich schaue nur auf deine Hände.",
            "Kleine Schritte, jeder davon zu Ende.",
            "Fehler sind willkommen, aus ihnen werden die besten Geschichten.",
        ),
        (
            "Abends passt es mir am besten.",
            "Am Wochenende habe ich Zeit.",
            "Gern auch morgens vor der Arbeit.",
            "Ich antworte innerhalb eines Tages.",
        ),
    ),
    "fr": (
        (
            "Je pratique depuis {years} ans, avec le même plaisir.",
            "J'ai appris tard et me souviens de ce qui est difficile.",
            "C'était un loisir, c'est devenu le meilleur moment de ma semaine.",
            "Depuis {years} ans, c'est ce que je fais de mon temps libre.",
        ),
        (
            "On commence là où vous en êtes.",
            "Il ne faut rien d'autre qu'un peu de curiosité.",
            "Apportez une question, on trouvera la réponse ensemble.",
            "Dès le premier jour, on travaille sur votre projet.",
        ),
        (
            "J'explique beaucoup et ne presse personne.",
            "C'est vous qui faites, je regarde vos mains.",
            "De petits pas, chacun mené à bout.",
            "Les erreurs sont bienvenues, elles font les meilleures histoires.",
        ),
        (
            "Le soir me convient le mieux.",
            "Je suis libre le week-end.",
            "Le matin avant le travail, c'est possible aussi.",
            "Je réponds dans la journée.",
        ),
    ),
    "es": (
        (
            "Lo practico desde hace {years} años y sigo disfrutándolo.",
            "Aprendí tarde y recuerdo bien lo que cuesta.",
            "Empezó como afición y es lo mejor de mi semana.",
            "Desde hace {years} años es lo que hago en mi tiempo libre.",
        ),
        (
            "Empezamos donde estés.",
            "Solo hace falta un poco de curiosidad.",
            "Trae una pregunta y buscamos la respuesta juntos.",
            "Desde el primer día trabajamos en algo tuyo.",
        ),
        (
            "Explico mucho y no meto prisa a nadie.",
            "Lo haces tú, yo solo miro tus manos.",
            "Pasos pequeños, cada uno hasta el final.",
            "Los errores son bienvenidos: dan las mejores historias.",
        ),
        (
            "Por la tarde me viene mejor.",
            "Tengo tiempo los fines de semana.",
            "También por la mañana, antes del trabajo.",
            "Respondo en un día.",
        ),
    ),
}

REQUESTS = {
    "en": (
        ("I have wanted to learn this for {years} years.", "A friend showed me the beginnings, and now I am hooked."),
        ("An hour now and then would help me a lot.", "Online or over coffee, both are fine."),
        ("I know nothing yet, but I practise.", "I got stuck with the books and need somebody to ask."),
    ),
    "de": (
        ("Seit {years} Jahren will ich das lernen.", "Eine Freundin hat mir den Anfang gezeigt, nun will ich mehr."),
        ("Eine Stunde ab und zu würde mir sehr helfen.", "Online oder beim Kaffee, beides ist mir recht."),
        ("Ich kann noch nichts, aber ich übe.", "Mit Büchern komme ich nicht weiter und brauche jemanden zum Fragen."),
    ),
    "fr": (
        ("Depuis {years} ans, j'ai envie d'apprendre.", "Une amie m'a montré les bases, et je veux continuer."),
        ("Une heure de temps en temps m'aiderait beaucoup.", "En ligne ou autour d'un café, les deux me vont."),
        ("Je ne sais encore rien, mais je m'exerce.", "Je n'avance plus avec les livres, il me faut quelqu'un."),
    ),
    "es": (
        ("Desde hace {years} años quiero aprenderlo.", "Una amiga me enseñó lo básico y quiero seguir."),
        ("Una hora de vez en cuando me ayudaría mucho.", "En línea o con un café, las dos cosas me van bien."),
        ("Aún no sé nada, pero practico.", "Con los libros no avanzo y necesito a alguien a quien preguntar."),
    ),
}

IN_EXCHANGE = {
    "en": "In exchange I would like to learn {skill}.",
    "de": "Dafür möchte ich lernen: {skill}.",
    "fr": "En échange, j'aimerais apprendre {skill}.",
    "es": "A cambio me gustaría aprender {skill}.",
}

BIOS = {
    "en": (
        "I live in {city} and teach {skill}.",
        "{city}. {skill} by passion, curious about everything else.",
        "Always learning something new; happy to share what I know about {skill}.",
    ),
    "de": (
        "Ich lebe in {city} und unterrichte {skill}.",
        "{city}. {skill} aus Leidenschaft, neugierig auf alles andere.",
        "Ich lerne immer etwas Neues und teile gern, was ich kann: {skill}.",
    ),
    "fr": (
        "Je vis à {city} ; ce que j'enseigne : {skill}.",
        "{city}. Ma passion : {skill}. Le reste m'intrigue aussi.",
        "J'apprends toujours quelque chose de nouveau et je partage volontiers : {skill}.",
    ),
    "es": (
        "Vivo en {city} y enseño {skill}.",
        "{city}. Mi pasión: {skill}. Lo demás también me da curiosidad.",
        "Siempre aprendo algo nuevo y comparto lo que sé: {skill}.",
    ),
}

TAGS = {
    "en": ("beginners", "patient", "weekend", "evening", "project", "small group", "outdoors", "free"),
    "de": ("anfang", "geduld", "wochenende", "abends", "projekt", "kleine gruppe", "draußen", "kostenlos"),
    "fr": ("débutants", "patience", "week-end", "soir", "projet", "petit groupe", "plein air", "gratuit"),
    "es": ("principiantes", "paciencia", "fin de semana", "tarde", "proyecto", "grupo pequeño", "aire libre", "gratis"),
}
