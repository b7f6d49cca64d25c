#!/usr/bin/env python3
"""Makes the files of the demonstration from the published data sets named in README.md.

    python3 demo/make_demo.py --air AIR_DIR --water WATER_DIR --geo GEO_DIR [--out demo]

AIR_DIR    chongqing_hourly_202602_05.csv.zst and station_directory_2026.csv
WATER_DIR  chongqing_sections_20251106_08.csv
GEO_DIR    chongqing_districts.geojson

Writes air_hourly.csv.zst, water_4h.csv, network.toml and fleet.toml. The result depends on the inputs only.
"""
import argparse
import csv
import io
import json
import math
import pathlib
import subprocess
import tomllib

AIR_LAST = "2026-03-31 23:00"

# English names of the districts as the map calls them in Chinese.
ENGLISH = {
    "万州区": "Wanzhou", "涪陵区": "Fuling", "渝中区": "Yuzhong", "大渡口区": "Dadukou", "江北区": "Jiangbei",
    "沙坪坝区": "Shapingba", "九龙坡区": "Jiulongpo", "南岸区": "Nan'an", "北碚区": "Beibei", "綦江区": "Qijiang",
    "大足区": "Dazu", "渝北区": "Yubei", "巴南区": "Banan", "黔江区": "Qianjiang", "长寿区": "Changshou",
    "江津区": "Jiangjin", "合川区": "Hechuan", "永川区": "Yongchuan", "南川区": "Nanchuan", "璧山区": "Bishan",
    "铜梁区": "Tongliang", "潼南区": "Tongnan", "荣昌区": "Rongchang", "梁平县": "Liangping", "城口县": "Chengkou",
    "丰都县": "Fengdu", "垫江县": "Dianjiang", "武隆县": "Wulong", "忠县": "Zhongxian", "云阳县": "Yunyang",
    "奉节县": "Fengjie", "巫山县": "Wushan", "巫溪县": "Wuxi", "石柱土家族自治县": "Shizhu",
    "秀山土家族苗族自治县": "Xiushan", "酉阳土家族苗族自治县": "Youyang", "彭水苗族土家族自治县": "Pengshui",
    "开州区": "Kaizhou",
}
# Districts whose name on the map is older than in the data.
OLDER_ON_MAP = {"武隆区": "武隆县", "梁平区": "梁平县"}


def rings(geometry):
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [polygon[0] for polygon in polygons]


def inside(ring, x, y):
    result = False
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:] + ring[:1]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            result = not result
    return result


class Map:
    def __init__(self, path):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        self.districts = {f["properties"]["name"]: rings(f["geometry"]) for f in features}
        self.taken = {}

    def district_at(self, lon, lat):
        for name, all_rings in self.districts.items():
            if any(inside(ring, lon, lat) for ring in all_rings):
                return name
        return ""

    def centroid(self, name):
        ring = max(self.districts[name], key=len)
        area = cx = cy = 0.0
        for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:] + ring[:1]):
            cross = x1 * y2 - x2 * y1
            area, cx, cy = area + cross, cx + (x1 + x2) * cross, cy + (y1 + y2) * cross
        return cx / (3 * area), cy / (3 * area)

    def place(self, name):
        """The next free place on a spiral around the centroid that lies inside the district."""
        x, y = self.centroid(name)
        turn = self.taken.get(name, 0)
        while True:
            radius, angle = 0.022 * math.sqrt(turn), turn * math.pi * (3 - math.sqrt(5))
            lon, lat = x + radius * math.cos(angle), y + radius * math.sin(angle)
            turn += 1
            if any(inside(ring, lon, lat) for ring in self.districts[name]):
                self.taken[name] = turn
                return round(lon, 4), round(lat, 4)


def english(district):
    county = (district.endswith("县") and district not in OLDER_ON_MAP.values())
    return ENGLISH[district] + (" County" if county else " District")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Invented stacks and outlets. Levels are what a plant of the kind typically emits; `peak` is an episode above the
# limit named beside it. O2ref: reference oxygen of the standard named.


def stack(so2, nox, dust, o2, flow, velocity, temperature, humidity):
    def pollutant(factor, old, values):
        level, peak = values
        return dict(factor=factor, old_code=old, decimals=2, level=level, load_share=0.3, noise=0.05, stopped=0.0,
                    converted=True, amount=True, peak=peak)
    plain = lambda factor, old, decimals, level, share, noise, stopped: dict(
        factor=factor, old_code=old, decimals=decimals, level=level, load_share=share, noise=noise, stopped=stopped)
    return [
        dict(plain("a00000", "B02", 2, flow, 0.9, 0.02, 0.0), amount=True),
        pollutant("a21026", "02", so2), pollutant("a21002", "03", nox), pollutant("a34013", "01", dust),
        plain("a19001", "S01", 2, o2, 0.0, 0.02, 20.9), plain("a01011", "S02", 2, velocity, 0.9, 0.02, 0.0),
        plain("a01012", "S03", 1, temperature, 0.3, 0.01, 28.0), plain("a01013", "S08", 3, -0.120, 0.5, 0.05, 0.0),
        plain("a01014", "S05", 2, humidity, 0.2, 0.03, 3.1)]


def outlet(flow, cod, nh3n, tp, tn, ph=7.3):
    def pollutant(factor, old, decimals, values):
        level, peak = values
        return dict(factor=factor, old_code=old, decimals=decimals, level=level, load_share=0.3, noise=0.05, stopped=0.0,
                    amount=True, peak=peak)
    return [
        dict(factor="w00000", old_code="B01", decimals=2, level=flow, load_share=0.9, noise=0.04, stopped=0.0, amount=True),
        pollutant("w01018", "011", 1, cod), pollutant("w21003", "060", 3, nh3n), pollutant("w21011", "101", 3, tp),
        pollutant("w21001", "065", 2, tn),
        dict(factor="w01001", old_code="001", decimals=2, level=ph, load_share=0.0, noise=0.008, stopped=7.0)]


def source(id, zh, en, district, dialect, signals, water=False, o2ref=None, note="", **more):
    return dict(id=id, zh=zh, en=en, district=district, dialect=dialect, signals=signals, water=water, o2ref=o2ref,
                note=note, more=more)


SOURCES = [
    source("src-power-1", "示范热电厂1号排口", "Demo power plant, stack 1", "江津区", "2017",
           stack((18, 62), (31, None), (3.2, None), 5.8, 410, 15.5, 52, 11.5), o2ref=6,
           note="GB 13223-2011 coal boiler: O2ref 6 %; ultra-low level SO2 35, NOx 50, dust 10 mg/m3",
           episode_every_s=240, episode_length_s=75, episode_first_s=25),
    source("src-power-2", "示范热电厂2号排口", "Demo power plant, stack 2", "綦江区", "2017",
           stack((15, None), (28, 78), (2.6, None), 6.1, 395, 14.8, 50, 12.1), o2ref=6,
           note="as src-power-1", episode_every_s=420, episode_length_s=90, episode_first_s=95),
    source("src-cement-1", "示范水泥厂窑尾", "Demo cement works, kiln", "长寿区", "2017",
           stack((32, None), (185, 465), (8.5, None), 9.6, 150, 13.2, 105, 7.4), o2ref=10,
           note="GB 4915-2013 kiln: O2ref 10 %; NOx 400, SO2 200, dust 30 mg/m3",
           episode_every_s=360, episode_length_s=80, episode_first_s=55),
    source("src-waste-1", "示范垃圾焚烧厂1号炉", "Demo waste incinerator, line 1", "大足区", "2025",
           stack((28, None), (140, None), (6.0, 41), 9.4, 42, 14.1, 146, 19.5), o2ref=11,
           note="GB 18485-2014: O2ref 11 %; hour means dust 30, NOx 300, SO2 100 mg/m3",
           episode_every_s=300, episode_length_s=70, episode_first_s=140),
    source("src-boiler-1", "示范供热站燃煤锅炉", "Demo heating station, coal boiler", "涪陵区", "2005",
           stack((96, None), (162, None), (21, None), 10.2, 21, 9.8, 78, 8.2), o2ref=9,
           note="GB 13271-2014 new coal boiler: O2ref 9 %; SO2 300, NOx 300, dust 50 mg/m3; runs by day",
           runs_from_hour=6, runs_to_hour=22),
    source("src-sinter-1", "示范烧结机机头", "Demo sinter plant, strand head", "万州区", "2017",
           stack((24, None), (38, None), (5.4, None), 15.7, 260, 16.3, 118, 9.0), o2ref=16, crc="modbus",
           note="its device sends the Modbus CRC; short stops", pause_every_s=540, pause_length_s=90),
    source("src-sewage-1", "示范污水处理厂1号", "Demo sewage works 1", "北碚区", "2017",
           outlet(620, (21, 68), (0.85, None), (0.21, None), (9.1, None)), water=True,
           note="GB 18918-2002 class 1A: COD 50, NH3-N 5, TP 0.5, TN 15 mg/L, pH 6-9",
           episode_every_s=330, episode_length_s=80, episode_first_s=40),
    source("src-sewage-2", "示范污水处理厂2号", "Demo sewage works 2", "合川区", "2005",
           outlet(350, (26, None), (1.2, None), (0.26, None), (10.4, None)), water=True, note="as src-sewage-1"),
    source("src-sewage-3", "示范污水处理厂3号", "Demo sewage works 3", "永川区", "2025",
           outlet(480, (18, None), (0.62, None), (0.18, 0.74), (8.2, None)), water=True,
           note="as src-sewage-1", episode_every_s=450, episode_length_s=90, episode_first_s=180),
    source("src-park-1", "示范工业园区污水处理站", "Demo industrial park treatment plant", "潼南区", "2017",
           outlet(130, (31, None), (1.9, 9.6), (0.28, None), (10.9, None), 7.6), water=True,
           note="as src-sewage-1; batch discharge", pause_every_s=600, pause_length_s=120,
           episode_every_s=390, episode_length_s=80, episode_first_s=75),
    source("src-chem-1", "示范化工厂总排口", "Demo chemical works outlet", "南川区", "2017",
           outlet(42, (58, 171), (4.8, None), (0.31, None), (16, None), 7.9), water=True,
           note="GB 8978-1996 class 1: COD 100, NH3-N 15 mg/L, pH 6-9",
           episode_every_s=480, episode_length_s=100, episode_first_s=210),
    source("src-food-1", "示范食品厂总排口", "Demo food factory outlet", "铜梁区", "2025",
           outlet(18, (66, None), (6.1, None), (0.36, None), (19, None), 7.1), water=True,
           note="as src-chem-1; works in shifts", runs_from_hour=5, runs_to_hour=23),
]
UNREGISTERED = source("src-unregistered", "", "", "", "2017", outlet(12, (35, None), (2.2, None), (0.3, None), (11, None)),
                      water=True, realtime_s=60, note="not in network.toml: its frames wait in quarantine")


# Invented devices at points of other elements. The meter's values are levels of the moment; its records are computed from them.
def station(id, element, st, zh, en, district, signals, note, **more):
    return dict(id=id, element=element, st=st, zh=zh, en=en, district=district, signals=signals, note=note, more=more)


def steady(factor, decimals, level, noise=0.01):
    return dict(factor=factor, old_code=factor, decimals=decimals, level=level, load_share=0.0, noise=noise, stopped=0.0)


STATIONS = [
    station("noise-1", "noise", "23", "示范功能区噪声点", "Demo noise point, function zone", "渝中区",
            [dict(factor="LA", old_code="LA", decimals=1, level=58.0, load_share=0.2, noise=0.05, stopped=0.0, peak=76.0)],
            "sound level meter: LA every 5 s; Leq, L10 ... of ten minutes, hours and days; a lorry now and then",
            sound=True, minute_min=10, load_low=0.1, episode_every_s=600, episode_length_s=30, episode_first_s=60),
    station("well-1", "groundwater", "24", "示范地下水监测井", "Demo groundwater well", "璧山区",
            [steady("w01001", 2, 7.3, 0.005), steady("w01010", 1, 18.6, 0.005), steady("w01014", 1, 612.0),
             steady("w01006", 0, 418.0), steady("w21038", 1, 84.0, 0.02), steady("w21007", 2, 6.8, 0.03)],
            "GB/T 14848-2017 class III by its nitrate above 5 mg/L, class II otherwise",
            realtime_s=600, minute_min=60),
]


def source_mn(number, dialect):
    return f"500000{number:08d}" if dialect == "2005" else f"5000000031{number:014d}"


# Makers of data loggers, invented: one for each habit, so that the report of conformance has something to tell apart.
AIR_VENDOR = "示范厂商 E"
WATER_VENDOR = "示范厂商 F"
STATION_VENDOR = "示范厂商 G"


def vendor_of(dialect, crc):
    return "示范厂商 C" if crc != "hj" else {"2005": "示范厂商 A", "2017": "示范厂商 B", "2025": "示范厂商 D"}[dialect]


def signal_lines(signals):
    lines = ["signals = ["]
    for signal in signals:
        parts = []
        for key, value in signal.items():
            if value is None:
                continue
            word = str(value).lower() if isinstance(value, bool) else (
                quoted(value) if isinstance(value, str) else (str(value) if key == "decimals" else repr(float(value))))
            parts.append(f"{key} = {word}")
        lines += ["  { " + ", ".join(parts) + " },"]
    return [*lines, "]", ""]


def device_line(mn, st, dialect="2017", extra=""):
    return f'device = {{ mn = "{mn}", st = "{st}", dialect = "{dialect}"{extra} }}'


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("air", "water", "geo"):
        arguments.add_argument(f"--{name}", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    args = arguments.parse_args()
    chart = Map(args.geo / "chongqing_districts.geojson")

    # Air: all columns as published, ordered by time so that a replay can stream it.
    packed = args.air / "chongqing_hourly_202602_05.csv.zst"
    text = subprocess.run(["zstd", "-dc", "--long=27", packed], check=True, capture_output=True).stdout.decode("utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    header, rows = rows[0], sorted((r for r in rows[1:] if r[1] <= AIR_LAST), key=lambda r: (r[1], r[0]))
    plain = "".join(",".join(row) + "\n" for row in [header, *rows])
    squeezed = subprocess.run(["zstd", "-19", "-c"], input=plain.encode(), check=True, capture_output=True).stdout
    (args.out / "air_hourly.csv.zst").write_bytes(squeezed)
    codes = sorted({row[0] for row in rows})
    directory = {r["code"]: r for r in csv.DictReader((args.air / "station_directory_2026.csv").open(encoding="utf-8"))}

    # Water: the displayed values; the unrounded ones stay out, since the classes are judged on what is displayed.
    with (args.water / "chongqing_sections_20251106_08.csv").open(encoding="utf-8") as file:
        water = list(csv.DictReader(file))
    columns = ["first_seen", "city", "river", "section", "time", "wq_class", "water_temp", "ph", "do", "conductivity",
               "turbidity", "codmn", "nh3n", "tp", "tn", "status"]
    with (args.out / "water_4h.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(water, key=lambda r: (r["first_seen"], r["city"], r["river"], r["section"])))
    sections = sorted({(r["city"], r["river"], r["section"]) for r in water})

    network = ["# The points of the demonstration and the devices that report for them. Written by make_demo.py.",
               "# `location = \"approximate\"`: the position is not published; it is a place inside the district named.", ""]
    fleet = ["# What plays in the demonstration. Written by make_demo.py; the form is explained in README.md.", "",
             'air_file = "air_hourly.csv.zst"', 'water_file = "water_4h.csv"', ""]

    for code in codes:
        station = directory[code]
        lon, lat = float(station["lon"]), float(station["lat"])
        district = chart.district_at(lon, lat)
        mn = f"5000000022{code:0>14}"
        title = f"Station {code}" + (f", {english(district)}" if district else "")
        network += ["[[point]]", f'id = "air-{code}"',
                    f'name = {{ zh = {quoted(station["name"])}, en = {quoted(title)} }}',
                    'element = "air"', f"district = {quoted(district)}", f"lon = {lon}", f"lat = {lat}",
                    f'device = "{mn}"', f'vendor = "{AIR_VENDOR}"',
                    'units = { a34004 = "µg/m³", a34002 = "µg/m³", a21026 = "µg/m³", a21004 = "µg/m³", a05024 = "µg/m³" }', ""]
        fleet += ["[[air]]", f'key = "{code}"', device_line(mn, "22"), ""]

    for number, (city, river, section) in enumerate(sections, 1):
        district = OLDER_ON_MAP.get(city, city)
        lon, lat = chart.place(district)
        profile = number <= 3
        mn = f"A500000_{number:04d}" if profile else f"5000000021{number:014d}"
        network += ["[[point]]", f'id = "water-{number:02d}"',
                    f'name = {{ zh = {quoted(river + "·" + section)}, en = {quoted(f"Section {number:02d}, {english(district)}")} }}',
                    'element = "surface_water"', f"district = {quoted(district)}", f"lon = {lon}", f"lat = {lat}",
                    'location = "approximate"', f'device = "{mn}"', f'vendor = "{WATER_VENDOR}"',
                    # GB 3838-2002 has other limits of total phosphorus for lakes and reservoirs.
                    *(["lake = true"] if "水库" in river else []), ""]
        fleet += ["[[water]]", f"key = {quoted(river + '/' + section)}",
                  device_line(mn, "21", extra=", surface_water_profile = true" if profile else ""), ""]

    for number, item in enumerate([*SOURCES, UNREGISTERED], 1):
        more = dict(item["more"])
        crc = more.pop("crc", "hj")
        mn = source_mn(number, item["dialect"])
        if item is not UNREGISTERED:
            lon, lat = chart.place(item["district"])
            network += ["[[point]]", f'id = "{item["id"]}"', f'name = {{ zh = {quoted(item["zh"])}, en = {quoted(item["en"])} }}',
                        'element = "source"', f'district = {quoted(item["district"])}', f"lon = {lon}", f"lat = {lat}",
                        'location = "approximate"', f'device = "{mn}"', f'vendor = "{vendor_of(item["dialect"], crc)}"', *([f'crc = "{crc}"'] if crc != "hj" else []), ""]
        fleet += [f"# {item['note']}", "[[source]]", f'id = "{item["id"]}"',
                  device_line(mn, "32" if item["water"] else "31", item["dialect"], f', crc = "{crc}"' if crc != "hj" else ""),
                  f"water = {str(item['water']).lower()}", f'flow_factor = "{"w00000" if item["water"] else "a00000"}"']
        if item["o2ref"] is not None:
            fleet += ['oxygen_factor = "a19001"', f"reference_oxygen = {float(item['o2ref'])}"]
        fleet += [f"{key} = {value}" for key, value in more.items()]
        fleet += signal_lines(item["signals"])

    for item in STATIONS:
        mn = f"50000000{item['st']}{1:014d}"
        lon, lat = chart.place(item["district"])
        network += ["[[point]]", f'id = "{item["id"]}"', f'name = {{ zh = {quoted(item["zh"])}, en = {quoted(item["en"])} }}',
                    f'element = "{item["element"]}"', f'district = {quoted(item["district"])}', f"lon = {lon}", f"lat = {lat}",
                    'location = "approximate"', f'device = "{mn}"', f'vendor = "{STATION_VENDOR}"', ""]
        fleet += [f"# {item['note']}", "[[source]]", f'id = "{item["id"]}"', device_line(mn, item["st"])]
        fleet += [f"{key} = {str(value).lower()}" for key, value in item["more"].items()]
        fleet += signal_lines(item["signals"])

    for name, lines in (("network.toml", network), ("fleet.toml", fleet)):
        content = "\n".join(lines)
        tomllib.loads(content)
        (args.out / name).write_text(content, encoding="utf-8")
    print(f"{len(rows)} air rows of {len(codes)} stations, {len(water)} water rows of {len(sections)} sections, "
          f"{len(SOURCES)} sources, {len(STATIONS)} stations of other elements")


if __name__ == "__main__":
    main()
