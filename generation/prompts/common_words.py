"""Words with which sentences begin that are no names, and the verbs by which names betray it."""

from __future__ import annotations

OPENERS = frozenset(
    # who and how, whatever it is
    "someone somebody everyone everybody everything something nothing nobody anyone all both some"
    " many few several most more others another one two three we you his her i no not only even"
    " still now here there today tonight soon slowly gently softly suddenly gradually meanwhile"
    " finally first next later afterwards again once twice above below beyond outside inside"
    " nearby overhead underneath beside behind along among within without near far ahead across"
    " around over for but or so yet if when while until since because although though what who how"
    " why yes also"
    # what stirs in pictures
    " rain snow fog mist haze smoke steam dust sand ash fire flame water foam spray surf wind air"
    " sky ice frost dew mud grass moss ivy hair fur skin cloth fabric silk velvet lace paper ink"
    " paint light shade shadow glow darkness silence music time life nature energy tension"
    " movement motion color colour texture traffic grain wheat pollen lava blood sweat wood stone"
    " metal glass gold silver sunlight moonlight candlelight daylight starlight lightning thunder"
    " night dawn dusk morning evening afternoon midnight noon spring summer autumn winter laughter"
    " breath tears confetti glitter ribbon plasma magma jewelry clothing foliage vegetation food"
    " coffee tea wine beer milk honey chocolate butter bread rice mother father grandmother"
    " grandfather grandma grandpa mum mom dad auntie uncle baby santa camera"
    # how it is
    " loose tiny small little large big huge great tall short long low high deep thin thick fine"
    " heavy warm hot cool cold soft hard harsh rough smooth sharp gentle quiet calm wild bright"
    " pale dark dim golden white black red blue green yellow orange pink purple grey gray brown"
    " neon wet dry damp fresh ripe old new young ancient modern distant faint subtle delicate"
    " fragile slow quick fast rapid natural sudden steady constant vivid rich clear crisp hazy"
    " misty dusty snowy rainy sunny cloudy stormy autumnal fallen falling rising drifting flowing"
    " glowing".split()
)
LIKE_COMMON = ("ing", "ly", "ness", "ment", "tion", "light", "fall", "storm", "ship", "less", "ful")
"""Endings of words that are hardly ever names."""

AUXILIARIES = frozenset("is was has does will can would could may must".split())
DETERMINERS = frozenset("a an the his her its their this that each every both one".split())

ACTS = frozenset(
    "stands sits walks runs looks smiles laughs cries waves turns dances sings speaks talks says"
    " holds drinks eats wears drives rides flies jumps leaps falls sleeps wakes rises kneels leans"
    " moves steps strolls strides enters leaves arrives appears vanishes joins follows leads"
    " watches stares gazes glances nods winks blinks points gestures reaches grabs takes gives"
    " throws catches plays performs poses kisses hugs greets meets fights shouts whispers burns"
    " sponsors glows shines sparkles bustles awakens breathes approaches comes goes stops begins"
    " starts continues remains stays waits lies rests swims climbs crosses opens closes raises"
    " lowers lifts carries pushes pulls builds paints writes reads works sells owns presents"
    " celebrates".split()
)

ABBREVIATIONS = frozenset(
    "tv led lcd crt ufo dj vhs hdr hd uhd 4k 8k pov dslr slr cgi vfx suv atv rgb uv ir dna vr ai"
    " gps bbq ok id am pm rc".split()
)

SIGNS = frozenset("open closed exit stop bar cafe hotel taxi police sale welcome".split())
"""In capitals on doors and above them."""

PEOPLE = frozenset(
    "men women people children kids boys girls crowd crowds audience pedestrians passersby"
    " spectators onlookers bystanders couple couples strangers villagers tourists friends family"
    " families ladies gentlemen guys toddlers babies adults teenagers".split()
)
PERSON = frozenset("man woman boy girl child baby person lady gentleman guy toddler".split())
SEVERAL = frozenset(
    "they them their theirs we us our everyone everybody all both two three four team band choir"
    " orchestra parade procession concert festival oktoberfest carnival market party wedding"
    " birthday celebration ceremony protest stadium busy crowded parents grandparents"
    " selfie".split()
)
"""Also where many are."""

RELATIVES = frozenset(
    "mother father mom mum dad grandma grandpa grandmother grandfather granny brother sister bride"
    " groom king queen prince princess".split()
)
"""Two of them may be called a couple."""

ACTIVITIES = frozenset(
    "running walking dancing laughing smiling jumping singing swimming jogging cycling skating"
    " skiing surfing climbing hiking reading cooking talking kissing hugging waving crying blink"
    " wave laugh dance run walk jump kiss hug nod wink".split()
)
"""Words that begin with one leave unsaid who does it."""

WORKERS = frozenset(
    "soldier fisherman policeman policewoman officer farmer worker sailor hiker cyclist jogger"
    " rider driver dancer singer musician waiter waitress fireman firefighter doctor hunter"
    " monk nun nurse pilot priest businessman traveler traveller passerby stranger"
    " pedestrian".split()
)
"""Who somebody is by what they do."""

UNINHABITED = frozenset("empty deserted abandoned nobody".split())
"""Plainly English words as well."""
SOMEBODY = frozenset(
    "he she him her his i me my you your who someone somebody one mother father mom mum dad"
    " grandma grandpa grandmother grandfather granny king queen prince princess knight bride groom"
    " astronaut model student kid teen friend face portrait selfie eyes hair smile smiles hand"
    " hands mouth lips character monk nun nurse chef clown witch couple".split()
)
PERSONAL, PERSONALS = ("er", "or", "ist", "man"), ("ers", "ors", "ists", "men")
"""Endings of words for one and for several: a dancer may well be called a woman."""

THINGS = frozenset(
    "over under after never ever water river flower flowers tower towers summer winter weather"
    " corner paper together mirror mirrors color colors door doors floor fire feather feathers"
    " whisper thunder silver amber ember embers letter letters shower showers rivers waters either"
    " other another closer slower faster quicker or for".split()
)
"""With the same endings."""
