"""The 365 scenes that TANet's theme branch tells apart, and which of them belong to which of the 47 themes.

Zhou et al., 'Places: A 10 Million Image Database for Scene Recognition', TPAMI 2018 (Places365), names as published.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

SCENES: Final[tuple[str, ...]] = (
    "airfield", "airplane_cabin", "airport_terminal", "alcove", "alley", "amphitheater", "amusement_arcade",
    "amusement_park", "apartment_building/outdoor", "aquarium", "aqueduct", "arcade", "arch",
    "archaelogical_excavation", "archive", "arena/hockey", "arena/performance", "arena/rodeo", "army_base",
    "art_gallery", "art_school", "art_studio", "artists_loft", "assembly_line", "athletic_field/outdoor",
    "atrium/public", "attic", "auditorium", "auto_factory", "auto_showroom", "badlands", "bakery/shop",
    "balcony/exterior", "balcony/interior", "ball_pit", "ballroom", "bamboo_forest", "bank_vault", "banquet_hall",
    "bar", "barn", "barndoor", "baseball_field", "basement", "basketball_court/indoor", "bathroom", "bazaar/indoor",
    "bazaar/outdoor", "beach", "beach_house", "beauty_salon", "bedchamber", "bedroom", "beer_garden", "beer_hall",
    "berth", "biology_laboratory", "boardwalk", "boat_deck", "boathouse", "bookstore", "booth/indoor",
    "botanical_garden", "bow_window/indoor", "bowling_alley", "boxing_ring", "bridge", "building_facade", "bullring",
    "burial_chamber", "bus_interior", "bus_station/indoor", "butchers_shop", "butte", "cabin/outdoor", "cafeteria",
    "campsite", "campus", "canal/natural", "canal/urban", "candy_store", "canyon", "car_interior", "carrousel",
    "castle", "catacomb", "cemetery", "chalet", "chemistry_lab", "childs_room", "church/indoor", "church/outdoor",
    "classroom", "clean_room", "cliff", "closet", "clothing_store", "coast", "cockpit", "coffee_shop",
    "computer_room", "conference_center", "conference_room", "construction_site", "corn_field", "corral", "corridor",
    "cottage", "courthouse", "courtyard", "creek", "crevasse", "crosswalk", "dam", "delicatessen", "department_store",
    "desert/sand", "desert/vegetation", "desert_road", "diner/outdoor", "dining_hall", "dining_room", "discotheque",
    "doorway/outdoor", "dorm_room", "downtown", "dressing_room", "driveway", "drugstore", "elevator/door",
    "elevator_lobby", "elevator_shaft", "embassy", "engine_room", "entrance_hall", "escalator/indoor", "excavation",
    "fabric_store", "farm", "fastfood_restaurant", "field/cultivated", "field/wild", "field_road", "fire_escape",
    "fire_station", "fishpond", "flea_market/indoor", "florist_shop/indoor", "food_court", "football_field",
    "forest/broadleaf", "forest_path", "forest_road", "formal_garden", "fountain", "galley", "garage/indoor",
    "garage/outdoor", "gas_station", "gazebo/exterior", "general_store/indoor", "general_store/outdoor", "gift_shop",
    "glacier", "golf_course", "greenhouse/indoor", "greenhouse/outdoor", "grotto", "gymnasium/indoor",
    "hangar/indoor", "hangar/outdoor", "harbor", "hardware_store", "hayfield", "heliport", "highway", "home_office",
    "home_theater", "hospital", "hospital_room", "hot_spring", "hotel/outdoor", "hotel_room", "house",
    "hunting_lodge/outdoor", "ice_cream_parlor", "ice_floe", "ice_shelf", "ice_skating_rink/indoor",
    "ice_skating_rink/outdoor", "iceberg", "igloo", "industrial_area", "inn/outdoor", "islet", "jacuzzi/indoor",
    "jail_cell", "japanese_garden", "jewelry_shop", "junkyard", "kasbah", "kennel/outdoor", "kindergarden_classroom",
    "kitchen", "lagoon", "lake/natural", "landfill", "landing_deck", "laundromat", "lawn", "lecture_room",
    "legislative_chamber", "library/indoor", "library/outdoor", "lighthouse", "living_room", "loading_dock", "lobby",
    "lock_chamber", "locker_room", "mansion", "manufactured_home", "market/indoor", "market/outdoor", "marsh",
    "martial_arts_gym", "mausoleum", "medina", "mezzanine", "moat/water", "mosque/outdoor", "motel", "mountain",
    "mountain_path", "mountain_snowy", "movie_theater/indoor", "museum/indoor", "museum/outdoor", "music_studio",
    "natural_history_museum", "nursery", "nursing_home", "oast_house", "ocean", "office", "office_building",
    "office_cubicles", "oilrig", "operating_room", "orchard", "orchestra_pit", "pagoda", "palace", "pantry", "park",
    "parking_garage/indoor", "parking_garage/outdoor", "parking_lot", "pasture", "patio", "pavilion", "pet_shop",
    "pharmacy", "phone_booth", "physics_laboratory", "picnic_area", "pier", "pizzeria", "playground", "playroom",
    "plaza", "pond", "porch", "promenade", "pub/indoor", "racecourse", "raceway", "raft", "railroad_track",
    "rainforest", "reception", "recreation_room", "repair_shop", "residential_neighborhood", "restaurant",
    "restaurant_kitchen", "restaurant_patio", "rice_paddy", "river", "rock_arch", "roof_garden", "rope_bridge",
    "ruin", "runway", "sandbox", "sauna", "schoolhouse", "science_museum", "server_room", "shed", "shoe_shop",
    "store_front", "shopping_mall/indoor", "shower", "ski_resort", "ski_slope", "sky", "skyscraper", "slum",
    "snowfield", "soccer_field", "stable", "stadium/baseball", "stadium/football", "stadium/soccer", "stage/indoor",
    "stage/outdoor", "staircase", "storage_room", "street", "subway_station/platform", "supermarket", "sushi_bar",
    "swamp", "swimming_hole", "swimming_pool/indoor", "swimming_pool/outdoor", "synagogue/outdoor", "television_room",
    "television_studio", "temple/asia", "throne_room", "ticket_booth", "topiary_garden", "tower", "toyshop",
    "train_interior", "train_station/platform", "tree_farm", "tree_house", "trench", "tundra",
    "underwater/ocean_deep", "utility_room", "valley", "vegetable_garden", "veterinarians_office", "viaduct",
    "village", "vineyard", "volcano", "volleyball_court/outdoor", "waiting_room", "water_park", "water_tower",
    "waterfall", "watering_hole", "wave", "wet_bar", "wheat_field", "wind_farm", "windmill", "yard", "youth_hostel",
    "zen_garden",
)  # fmt: skip
"""In the order of the theme branch's outputs; the spelling is Places365's own."""

Scenes = tuple[str, ...]

THEME_SCENES: Final[Mapping[str, tuple[Scenes, ...]]] = {
    "art": (
        ("art_gallery", "museum/indoor"),
        ("art_school", "art_studio", "artists_loft"),
    ),
    "beach": (("beach", "beach_house"),),
    "bridge": (
        ("bridge", "rope_bridge"),
        ("aqueduct", "viaduct"),
    ),
    "car": (
        ("auto_factory", "auto_showroom", "car_interior"),
        ("parking_garage/indoor", "parking_garage/outdoor", "parking_lot"),
    ),
    "city": (
        ("downtown", "office_building", "skyscraper"),
        ("apartment_building/outdoor", "crosswalk", "fire_escape", "plaza"),
    ),
    "citysky": (("downtown", "skyscraper"),),
    "flower": (("florist_shop/indoor",),),
    "food": (
        ("bakery/shop", "butchers_shop", "candy_store", "delicatessen", "ice_cream_parlor"),
        ("cafeteria", "fastfood_restaurant", "food_court", "pizzeria", "restaurant", "restaurant_kitchen", "sushi_bar"),
    ),
    "garden": (
        ("botanical_garden", "formal_garden", "roof_garden", "topiary_garden", "vegetable_garden"),
        ("japanese_garden", "zen_garden"),
    ),
    "holiday": (
        ("campsite", "hotel/outdoor", "ski_resort", "youth_hostel"),
        ("amusement_park", "carrousel", "water_park"),
    ),
    "house": (
        ("beach_house", "cottage", "house", "mansion", "manufactured_home", "residential_neighborhood"),
        ("cabin/outdoor", "chalet", "hunting_lodge/outdoor", "tree_house"),
    ),
    "lake": (("lake/natural",),),
    "music": (("discotheque", "music_studio", "orchestra_pit"),),
    "nature": (
        ("bamboo_forest", "forest/broadleaf", "forest_path", "rainforest"),
        ("badlands", "butte", "canyon", "cliff", "glacier", "mountain", "mountain_path", "mountain_snowy", "valley"),
        ("creek", "desert/sand", "desert/vegetation", "field/wild", "lake/natural", "marsh", "river", "tundra"),
    ),
    "old": (
        ("archaelogical_excavation", "ruin"),
        ("castle", "catacomb", "kasbah", "medina"),
    ),
    "park": (("park", "picnic_area"),),
    "river": (("creek", "river"),),
    "sea": (
        ("ocean", "underwater/ocean_deep", "wave"),
        ("coast",),
    ),
    "sky": (("sky",),),
    "snow": (
        ("igloo", "mountain_snowy", "snowfield"),
        ("ski_resort", "ski_slope"),
    ),
    "street": (("alley", "crosswalk", "street"),),
    "summer": (("swimming_hole", "swimming_pool/outdoor", "water_park"),),
    "tree": (
        ("forest/broadleaf", "forest_path", "forest_road", "rainforest"),
        ("orchard", "tree_farm", "tree_house"),
    ),
    "water": (
        ("creek", "lake/natural", "ocean", "pond", "river", "waterfall", "wave"),
        ("canal/natural", "canal/urban", "fountain", "harbor", "moat/water", "swimming_pool/outdoor"),
    ),
    "winter": (("ice_skating_rink/outdoor", "igloo", "ski_slope", "snowfield"),),
}  # fmt: skip
"""What each theme is shown by; every group of scenes is one prototype of the theme (see `prototypes`).

A scene stands under a theme where a photo that Places365 files under it shows that theme, whatever else it shows; so
one scene may serve several themes (a snowfield is snow and winter), yet no two groups are the same. Together they are
40 groups, the batch size that TANet was trained with. The other 22 themes have no scene: the 8 colours; what is not a
place (bird, cat, dog, family, people, portrait, macro); light and times of day (light, moon, night, sun, sunset:
Places365 tells places apart, not hours); clouds (its "sky" may be a clear one); and "scene", which would be all 365.
"""

_INDEX: Final = {scene: index for index, scene in enumerate(SCENES)}
_MEMBERS: Final = {
    theme: sorted({_INDEX[scene] for group in groups for scene in group}) for theme, groups in THEME_SCENES.items()
}


def scene_indices(scenes: Scenes) -> list[int]:
    """Where the scenes stand among the 365 outputs.

    >>> scene_indices(("airfield", "zen_garden"))
    [0, 364]
    """
    return [_INDEX[scene] for scene in scenes]


def theme_confidences(logits: NDArray[np.floating]) -> dict[str, float]:
    """Confidence 0..1 of each theme that has scenes: their share of the softmax of the theme branch's logits (365,).

    Themes without a scene are left out: this network cannot speak of them. The others need not add up to 1, since
    themes share scenes and most scenes belong to none.
    """
    shares = np.exp(logits.astype(np.float64) - logits.max())
    shares /= shares.sum()
    return {theme: min(1.0, float(shares[members].sum())) for theme, members in _MEMBERS.items()}
