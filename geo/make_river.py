#!/usr/bin/env python3
"""Makes geo/river.geojson: rivers of Chongqing with their line, cut to the municipality and a margin around it.

    python3 geo/make_river.py

Lines: web/public/geo/rivers_chongqing_region.geojson (World Data Bank II, without names). A river is named by places that its line passes,
which rivers flow where being common geographical knowledge. Facts: geo/river_facts.csv.
"""
import csv
import json
import pathlib

from shapes import distance_km, inside, length_km

ROOT = pathlib.Path(__file__).resolve().parent.parent
MARGIN_KM = 15  # the line goes so far beyond the outermost place in a district, so that it passes the border
STEP_KM = 0.1  # length within the districts is taken in steps of this

# id → for each of its lines in order downstream: two places it passes (about 5 km at most).
PASSES = {
    "changjiang": [((106.59, 29.57), (108.38, 30.80))],  # Chaotianmen, Wanzhou
    "jialing": [((106.43, 29.84), (106.58, 29.57))],  # Beibei, Chaotianmen
    "wujiang": [  # Yanhe, Gongtan, Pengshui, Fuling: three lines that join
        ((106.75, 27.30), (108.50, 28.62)),
        ((108.35, 28.90), (108.30, 29.07)),
        ((108.17, 29.29), (107.40, 29.72)),
    ],
    "fujiang": [((105.81, 30.19), (106.27, 29.99))],  # Tongnan, Hechuan
    "qujiang": [((106.63, 30.47), (106.32, 30.04))],  # Guang'an, above Hechuan
    "furong": [((107.88, 29.25), (107.60, 28.75))],  # Jiangkou, Daozhen
    "qianhe": [((108.65, 31.82), (107.72, 31.35))],  # the south of Chengkou, Xuanhan
    "youshui": [  # Laifeng, Longshan, Youyang, Baojing: three lines that join
        ((109.60, 29.80), (109.51, 29.57)),
        ((109.50, 29.56), (109.39, 29.41)),
        ((109.18, 29.06), (109.66, 28.73)),
    ],
}


def off_km(path, place):
    return min(distance_km(corner, place) for corner in path)


def line_passing(lines, places, name):
    best = min(lines, key=lambda path: max(off_km(path, place) for place in places))
    worst = max(off_km(best, place) for place in places)
    if worst > 6:
        raise SystemExit(f"{name}: no line passes {places}: {worst:.1f} km off")
    return best


def joined(paths):
    whole = list(paths[0])
    for path in paths[1:]:
        if distance_km(whole[-1], path[0]) > 1.5:
            raise SystemExit(f"gap of {distance_km(whole[-1], path[0]):.1f} km between two lines of a river")
        whole += path if path[0] != whole[-1] else path[1:]
    return whole


def cut(path, outlines):
    """The stretch between the first and the last corner in a district, and the margin on both sides."""
    within = [i for i, corner in enumerate(path) if any(inside(outline, corner) for outline in outlines)]
    first, last = within[0], within[-1]
    margin = 0.0
    while first > 0 and margin < MARGIN_KM:
        first -= 1
        margin += distance_km(path[first], path[first + 1])
    margin = 0.0
    while last + 1 < len(path) and margin < MARGIN_KM:
        last += 1
        margin += distance_km(path[last], path[last - 1])
    return path[first : last + 1]


def length_within_km(path, outlines):
    total = 0.0
    for a, b in zip(path, path[1:]):
        length = distance_km(a, b)
        parts = max(1, round(length / STEP_KM))
        for i in range(parts):
            share = (i + 0.5) / parts
            place = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
            if any(inside(outline, place) for outline in outlines):
                total += length / parts
    return total


def main():
    lines = json.loads((ROOT / "web/public/geo/rivers_chongqing_region.geojson").read_text(encoding="utf-8"))
    lines = [feature["geometry"]["coordinates"] for feature in lines["features"]]
    regions = json.loads((ROOT / "geo/region.geojson").read_text(encoding="utf-8"))
    outlines = [each["geometry"] for each in regions["features"] if each["geometry"]]
    with open(ROOT / "geo/river_facts.csv", encoding="utf-8") as file:
        facts = {row["id"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}
    features = []
    for river in facts:
        properties = {key: value for key, value in facts[river].items() if value}
        geometry = None
        if river in PASSES:
            path = joined([line_passing(lines, places, river) for places in PASSES[river]])
            whole = length_km(path)
            path = [[round(lon, 4), round(lat, 4)] for lon, lat in cut(path, outlines)]
            geometry = {"type": "LineString", "coordinates": path}
            length = length_within_km(path, outlines)
            print(f"{river}: {len(path)} corners, {length:.0f} km within, published {facts[river]['length_within_km']}, line {whole:.0f}")
            if "length_within_km" not in properties:
                properties["length_within_km"] = f"{length:.0f}"
                properties["computed"] = "length_within_km"
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    text = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    (ROOT / "geo/river.geojson").write_text(
        '{"type":"FeatureCollection","features":[\n' + text + "\n]}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
