"""Areas and lengths on the sphere, as the room `geometry` computes them; inside or outside. Shared by the makers of the files here."""
import math

RADIUS_KM = 6371.0088


def distance_km(a, b):
    lat_a, lat_b = math.radians(a[1]), math.radians(b[1])
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def length_km(path):
    return sum(distance_km(a, b) for a, b in zip(path, path[1:]))


def polygons(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def ring_area_km2(ring):
    """Between corners joined by straight lines in degrees: the integral of sin(latitude) over longitude."""
    total = 0.0
    for (lon_a, lat_a), (lon_b, lat_b) in zip(ring, ring[1:] + ring[:1]):
        a, b = math.radians(lat_a), math.radians(lat_b)
        mean = math.sin(a) if abs(b - a) < 1e-12 else (math.cos(a) - math.cos(b)) / (b - a)
        total += math.radians(lon_b - lon_a) * mean
    return abs(total) * RADIUS_KM**2


def area_km2(geometry):
    return sum(
        (1 if i == 0 else -1) * ring_area_km2(ring) for rings in polygons(geometry) for i, ring in enumerate(rings)
    )


def inside(geometry, place):
    lon, lat = place
    hits = False
    for rings in polygons(geometry):
        for ring in rings:
            for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
                if (ay > lat) != (by > lat) and lon < (bx - ax) * (lat - ay) / (by - ay) + ax:
                    hits = not hits
    return hits
