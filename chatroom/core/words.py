"""The words that room codes and suggested nicknames are made of.

A room word can be said over a phone and typed by who hears it: 3 to 7 letters a-z, no two that sound alike, no two within one
typing slip (a letter more, less, other, or swapped with its neighbour), all different in their first four letters.
The order is part of the format of a room code: never sort in, add or take out a word.
"""

_ROOM = """
abacus abide ability aboard about above abridge abroad absorb acacia academy accent account achieve acorn acquire acre acrobat
active actor actual adapt add address adhere adjust admire adore advance aerial affable affirm afford afloat afresh again
agate agenda agile agree ahead aim airline airport airy ajar album alcove alder alert alfalfa algebra align alike alloy allure
almanac almond aloe aloft alpaca alpine also always amaze amber amble amend amigo among amount amuse anagram anchor animal
annual answer antenna anthem antique antler anvil any anyway apart apex apiece apparel appear applaud approve apricot apron
aptly aqua arcade archive arctic ardent area arise aroma around arrange arrive art artful article arugula ascend ashore ask
aspen aspire assert assist assure aster astound astral athlete atlas atom atrium attach attend attic attract attune auburn
audio august aura aurora author autumn avenue average aviary avid avocado await awake award away awesome awning axiom axis
axle azalea azure backup bacon badger bag bagel bakery balance balcony ballad balsam bamboo banana banjo banner banquet barber
bargain barn base bashful basic bassoon batch bathe beagle beak beanbag beauty because become bed bedding bedrock beehive
beeline beetle befit before begin behave behind behold beige being believe belong beluga bemused bench benefit beside bestow
better between beyond bicycle bifocal bike billow binary binder biology bionic biplane birch bird biscuit bison blanket blazer
blend blink bliss blithe block bloomer blossom blouse blurb bobbin bobcat bobsled bolster bolt bonbon bonfire bonnet bonsai
bonus bookend boost borrow botanic bounce bowl box boxcar bracket bramble branch brass brave breathe breeze brevity brick
brief bright brim bristle broker bronze broom broth brush bubble bucket buddy budget buffalo buggy bugle builder bulb bulldog
bumpy bundle bungee bunny bunting burger burlap burrito burst bus bushel bustle butler button bylaw cabbage cabin cable
caboose cactus caddy cadence cajole calcium calico calm calzone camel campus canal candid canine canoe canvas canyon capable
cape captain caravan carbon career cargo caribou carpet cartoon carve cascade cashew castle casual cat caterer cause caution
cavern cedar cello cement century ceramic certain chair chalk chamber change chapter charade chatty cheddar cheer chef cherish
chess chicken chimney chirp chisel chive choice chorus chowder chuckle chummy churn chutney cinema circle citadel citrus city
claim clarify clasp claw clear clerk clever climb cling clipper cloak cloth cloud clue cluster clutch coach coast cobalt
cobbler cobweb cocoon code collect column comb comedy comfort comic common company concept conduct confirm conifer conjure
connect console contact convert cookery copy corner correct cosmos costume cotton count couple courage cousin cover cowboy
cradle craft cranny crater crayon create crest crew cricket crimson crinkle crisp critter crocus crop crowd crumb crunch cube
cubicle cuddle culture cupcake curator curious curl cursive cushion custard cyan cycle dabble daily dainty dance daring dash
data dawdle day daytime dazzle decade decimal deck declare decoy deep default defer define degree delight deluxe delve demo
denim density depend depict deposit depth derive descend design desktop destiny detail detect detour develop dewdrop diagram
dial diamond diary diction differ digit dignity dimmer diner dingo diploma dipper direct discuss display distant ditto diverse
divide dodge dog dogwood dollar dolphin domain dome donate doodle door dorm double dozen dragon drama draw dream dress drift
driver drum duet dugout duplex durable dusk dutiful duty dwell dwindle dynamic each eager early earmuff earnest earring earth
easel easily eastern easy eatery ebony echo eclipse ecology economy edit educate effort egret either elastic elated elegant
element elevate elk embark emblem embody embrace emerald emotion empathy emperor empire employ emu enable enact enamel encase
enchant encode endear endive endless endorse energy engage engine engulf enhance enigma enjoy enlarge enlist enough enrich
entail enter enthuse entire entrust epic episode equal equip eraser errand escape essay essence esteem estuary ethic ethos
even every evident evoke evolve example excel excite exhibit exist expand expect explain export express extend extra fabled
fabric facet factory faculty fairway falcon fallow famous fancy fanfare far faraway farmer fashion fathom fauna feast feature
fedora feed feline felt fern ferret fertile fervent festive fetch fiddle field fiesta fig figure file filing filter final
finch finesse firefly firm fish fitting fixture flag flannel fleck fleece flicker flight flint floor flora floss fluent fluffy
fluke flutter foam focal focus foggy folder foliage folk fondue font footing forage forest forget formula fortify forum fossil
foster foxtrot frame freckle free freight fresco friday friend frill fringe frolic frost frozen frugal fudge fully fun funnel
furnish furrow further fusion futon future fuzzy gadget galaxy gallant galore game gander garage garden garland garment garnet
gasket gateway gather gazebo gecko geese gelato general genius genome gentle genuine geode geology gerbil gesture giant gift
giggle gilded ginger giraffe give glacier glad glance glaze gleam gleeful glen glider glimmer glisten glitter globe glossy
glow goal golden gondola gong good goose gopher gosling gourd gown gradual grain grammar grand graph grasp gravity green
griddle grip grocery groovy grotto grounds grove growth guava guess guide guild guitar gulf gumbo gumdrop guppy gurgle gust
habitat haircut halfway halibut hamlet hammock hamster handful hangout happen hardy harmony harness harvest hasty hatbox hawk
hayloft hazel headway heap hearty heater hedge helix helmet helpful herald herring hexagon hickory hidden highway hiker
hilltop hinge hint hippo history hobby hockey hoist hold holiday hollow honest hooray hope horizon hornet hotel hourly house
however hub hubbub hubcap human humbly humming hurrah hush hutch hybrid hydrant hyena hyphen ibis iceberg icicle icing icon
idea idiom igloo ignite iguana image imitate impact impose impress inbound incline income indeed indigo indoor inflate inform
infuse inhabit inherit initial ink inkling inkwell inland inlet inner inning input inquire insert inside inspect install
intact intend into invent invite invoice inward item itself ivory ivy jacket jade january jargon jasmine jazz jelly jester
jetty jiffy jigsaw jingle job jogger join joke journal jovial joyful joyride jubilee juggle jukebox july jumble jump june
juniper justify kale kayak keel keeper kelp kennel kestrel ketchup kettle keyhole keynote kickoff kilt kind kinetic kingdom
kinship kiosk kitchen kitten kiwi knack koala label lace ladder ladle ladybug lagoon lamp landing lantern laptop lapwing larch
large lark laser lasso lasting lately lattice laugh laundry laurel lavish lawn layout leader leaflet league learn leather
leave lecture ledger left legacy legend legible legume leisure lemon lemur length lens lentil leopard lettuce level lexicon
library lighten likely lilac lily limber limit lineage lion list literal little liven lizard loading loaf lobster locate
locker lodging lofty logbook logic lookout loom loosen lotion lotus loudly lounge lovely lowland loyal lucid luggage lullaby
lunar lunch lupine luxury lyric maestro magenta magic magnet magpie mailbox mainly majesty major maker mallard mambo mammal
manage mango mansion manual maple mapping marble margin marina market marmot maroon marsh mascot mason mast matrix matter
mature maximum maybe mayfly meadow meal measure medium medley meerkat meeting melody member memento memory mentor menu merge
merit merlin mesh message meteor metric midway mighty migrate mild mileage mindful mineral minimum minnow minus mirror misty
mobile modern modify module mohair moisten moment monarch monday money monitor monocle monsoon month moonlit mooring more
mosaic moss mostly motif motor motto movie much muffin mural murmur museum music mustang mutual myrtle mystery myth nacho
naming napkin narrate natural nearby neatly nebula neon nephew network neutral newly news nibble nicely niece nifty nimbus
noble noisy nomad nonstop nook normal north notable notch note notify noun nourish nova novel novice now nozzle nucleus number
numeral nurture nylon oak oaken oasis oatmeal object oblong oboe observe obtain obvious occur ocean ocelot octagon october
odyssey offbeat offer offset often okay olive omit omnibus onboard once oneself ongoing onion only onset onstage opal open
operate opinion optic opus orange orator orbit orca orchard order ordinal oregano organic origami oriole ornate osprey ostrich
other outback outcome outdoor outer outfit outgrow outing outlet outpost outrun outside outward ovation overall oyster ozone
pacific pack paddle padlock pageant paint palace pancake panda panel panther papaya paper paprika parade parcel parka parrot
parsley passage pasta pathway patio pattern pave peacock peanut pebble pecan peeler pelican pencil pendant penguin penny
pensive people pepper percent perfect perhaps permit persist pestle petunia phone photo physics piano pickle picnic picture
pigeon pigment pillar pilot pine pioneer pirate piston pitch pixel pizza placid plan platter playful plaza pleat pledge plenty
plover plural plywood pocket podcast podium poem poetry pointy poise polar polite pollen polo polygon poncho ponder pony
popcorn popover popular portal postage potato pottery pouch prairie precise predict prefer prelude premium prepare present
pretty preview primary printer prism privacy proceed produce profile project prolong promise propel prosper protein proud
provide proxy publish pudding pulley pumpkin puppet purely purify purple purse putty puzzle pyramid quail quality quantum
quarter query quest quick quiet quince quiver quiz quota rabbit radar radial rafter rainbow raisin rambler ramen random ranger
rare rarity rattle ravioli ready realm reason rebuild recall receive recipe reckon record recycle reddish redo reduce redwood
referee reflect refresh refuge regal region regular rejoice relate reliant remark remedy remind remote render renew rent
reopen repaint repeat replace repose reptile request rescue reserve resolve respect restore result retain retell retire
retreat return reunion reveal revise reward rework rewrite rhino ribbon rice ridge rigging rightly rigid ringlet rinse ripen
robe robin robot robust rodeo roller roof rookie roomy rooster rooted rosebud rosy rotate roundup routine rowboat royalty ruby
rudder ruffle rug rugged rule runner runway russet rustic safety saffron sailor salad salon salsa sample sandal sapling
sardine satchel satisfy saturn saucer savanna savvy sawmill scallop scamper scarf scatter scenery scholar science scone
scooter scout screen scribe scroll sculpt seafood seagull search seaside seat seaweed secret section secure sedan seedpod
seesaw segment seldom select self seminar send senior sequel serene series serve sesame session setting setup several sewing
shadow shampoo shanty shape shawl shelter sherbet shimmer shine ship shirt shopper shorts shovel shower shrub shuffle shutter
sibling sierra silence silicon silky silo silver similar simply sincere sitcom situate sizzle skater sketch ski skill skipper
skylark slate sled sleek slender slide slogan slumber smart smile smith smooth snail sneaker snippet snooze snug soapbox
soccer social sock sofa softly soil solace solid soloist solve somehow sonata soon soothe soprano sorrel sorting sound soup
south space spaniel spark spatula speak special speech spell sphere spinach splash spoke spool sport spotted spread spring
sprout spruce spry square squeak squid stable stack stadium stage stamina stanza stapler star static steady steer stellar
stencil stereo steward sticker stipend stitch storage stove strand stream stride strong student stump sturdy stylish subject
sublime suburb succeed suffice sugar suggest suit summary sunbeam sundial sunrise sunset super supply surface survey sushi
sustain swan swatch sweater sweeten swift swim swirl swivel swoop syntax system tabby tackle taco tactic tadpole takeoff
talent talk tally tandem tangent target tarmac tartan tassel taste taxi teacher teddy tell tempo tenant tendril tenfold tennis
tenor term terrace test tether textile thank thatch theme theory thermal thicket thimble thing thistle thread thrift throng
thunder tiara tidings tidy tiger timely timid tinker tinsel tiptoe tissue titan title toaster today toffee tofu toga toggle
tomato tone tonight toolbox top topaz topic topmost torch total toucan tour toward tower tractor trade trail transit travel
treat treetop trek trellis trend tribute trickle trifle trilogy trinket trio triplet triumph trivia trolley trophy trot trowel
truck true truly trust truth try tuesday tugboat tulip tuna tundra tuneful tunic turf turnip turtle tutor tuxedo twice twig
twinkle twist type typical ultra unbox uncle uncover under uneven unfold unfurl unicorn uniform unique unison unit unlike
unlock unpack unravel unroll unseen untie unusual unveil unwind unwrap upbeat update upfront upgrade uphill uphold upkeep
upland uplift upload upon upper upright upscale upshot upside uptake uptown upturn upward urban urchin urgent usable usage
useful usher usual utensil utility utmost utopia utter valiant valley value van vanilla vantage variety varnish vault vector
vehicle velvet vendor venture veranda verb verdant verify verse viable vibrant victory video view viking village vinegar vinyl
viola virtual visible vista visual vital vivid voice volcano voltage volume vortex voucher vowel voyage wafer waffle wagtail
waiter walkway wall walnut walrus waltz wand warbler warm wayside wealth weaver website weekday welcome welder western wetland
wheat whim whirl whisper widen width wildcat willing window wing winter wire wisdom wishful within witty wobble wolf wombat
wooden wool work world worthy woven wren yam yard year yellow yes yodel young yummy zebra zenith zoo zoology
"""

_FIRST = """
Afternoon Airy Amber Amiable Apricot April Aqua August Autumn Azure Beaming Blithe Blossoming Bold Brave Breezy Bright Brisk
Calm Candid Caring Cheerful Clear Clever Constant Coral Courteous Crimson Crisp Curious Dappled Daring December Devoted Eager
Early Earnest Easygoing Emerald Evening February Fond Forest Friendly Gallant Generous Gentle Genuine Glad Gleaming Glowing
Golden Graceful Gracious Grateful Happy Hardy Harmonious Honest Hopeful Humble Indigo Ivory January Jolly Jovial Joyful June
Keen Kind Kindly Leafy Lively Loyal Lucid Luminous Midday Mild Mindful Misty Modest Moonlit Morning Neighborly Nimble Noble
November October Patchwork Peaceful Playful Pleasant Plucky Polite Quiet Radiant Restful Rosy Russet Rustic Sapphire September
Serene Shining Silver Sincere Smiling Springtime Stalwart Starlit Starry Steadfast Steady Sturdy Summer Sunlit Sunny Sunrise
Sunset Thankful Thoughtful Tidal Timely Truthful Twilight Upbeat Valiant Velvet Verdant Vibrant Vivid Warm Winter Wise Witty
Wondering Woodland Worthy Zesty
"""

_SECOND = """
Acorn Alder Almond Anemone Aspen Aster Avocet Azalea Balsam Bamboo Banksia Basil Begonia Birch Bluebell Bluebird Bobolink
Boulder Bramble Brook Bunting Buttercup Camellia Canyon Catkin Cedar Chaffinch Chamomile Chestnut Chickadee Cicely Clearing
Clematis Clover Coast Condor Copse Coriander Cornflower Cottonwood Cove Cowslip Crane Creek Crocus Curlew Cypress Daffodil
Dahlia Daisy Dandelion Dove Driftwood Dune Dunlin Eagle Edelweiss Egret Eider Elm Estuary Eucalyptus Evergreen Falcon Fern
Field Fieldfare Finch Firefly Fjord Flax Freesia Garden Gardenia Geranium Ginkgo Glade Glen Goldcrest Goldfinch Grove Gull
Harbor Hawthorn Hazel Heath Heather Hibiscus Hickory Hill Hillside Holly Hollyhock Honeysuckle Horizon Hornbeam Hyacinth
Hydrangea Ibis Inlet Iris Island Ivy Jacaranda Jackdaw Jasmine Jay Juniper Kestrel Kinglet Knoll Lagoon Lake Lapwing Larch
Lark Larkspur Laurel Lavender Lilac Lily Linden Linnet Lotus Lupine Magnolia Mallard Mallow Maple Marigold Marjoram Marsh
Martin Meadow Mesa Mint Moss Mountain Myrtle Nightingale Oak Oasis Olive Orchard Orchid Oriole Osprey Owl Parsley Partridge
Pasture Pebble Pelican Peony Periwinkle Petrel Petunia Phlox Pine Pinecone Pipit Plover Pond Poplar Prairie Primrose Quail
Quince Rainbow Redwood Ridge River Riverbank Robin Rosebud Rosemary Rowan Sandpiper Sapling Savanna Seashore Sedge Sequoia
Shearwater Shore Siskin Skylark Sorrel Sparrow Speedwell Spruce Starling Stream Summit Sunflower Swan Sycamore Tamarind
Tanager Tarragon Teal Tern Thistle Thyme Tulip Tundra Upland Valley Verbena Violet Wagtail Walnut Warbler Waterfall Waterlily
Waxwing Wheatear Willow Wisteria Woodlark Wren Yarrow Zinnia
"""

ROOM_WORDS: tuple[str, ...] = tuple(_ROOM.split())
"""2048 words, so that each holds 11 bits."""

NICKNAME_FIRST: tuple[str, ...] = tuple(_FIRST.split())
NICKNAME_SECOND: tuple[str, ...] = tuple(_SECOND.split())
"""Each first word goes with each second word: "Morning Fern"."""
