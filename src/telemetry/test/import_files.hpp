#pragma once

#include <string>

#include "frames.hpp"
#include "mj/dataset/catalogue.hpp"
#include "mj/dataset/import_entry.hpp"

namespace mj::telemetry::test {

inline constexpr const char* kAirHeader = "code,time,pm25,co\n";

/// A layout of hourly air quality whose labels name the end of the hour; CO in µg/m³, stored in mg/m³.
inline dataset::Layout air_layout() {
  const auto catalogue = dataset::Catalogue::parse(R"([[layout]]
id = "air"
title = { zh = "空气", en = "Air" }
source = "office"
element = "air"
st = "22"
period = "hour"
station = { columns = ["code"] }
time = { columns = ["time"], format = ["%Y-%m-%d %H:%M"], label = "end" }
value = [
  { column = "pm25", factor = "a34004", unit = "µg/m³" },
  { column = "co", factor = "a21005", unit = "µg/m³", stored_unit = "mg/m³", shift = -3 },
]
)",
                                                   "air.toml");
  return *catalogue->recognise("air.csv", kAirHeader).layout;
}

/// Appends a file as the importer does, in parts of at most `most` rows; returns the entry of its manifest.
inline std::uint64_t append_file(evidence::Log& log, const std::string& file, std::size_t rows_in_part = 1000) {
  const dataset::FileManifest manifest{"air.csv", file.size(), std::string(64, '0'), "office", air_layout(),
                                       "王",      "t"};
  const auto entry = append(log, "office", dataset::encode(manifest), evidence_format::EntryType::import);
  std::uint32_t part = 0;
  std::size_t line = 1;
  for (std::size_t at = 0; at < file.size(); ++part) {
    std::size_t end = at;
    std::size_t rows = 0;
    for (; rows < rows_in_part && end < file.size(); ++rows)
      end = std::min(file.find('\n', end), file.size() - 1) + 1;
    append(log, "office",
           dataset::encode(dataset::FilePart{entry, part, at, line, std::string_view(file).substr(at, end - at)}),
           evidence_format::EntryType::import);
    at = end;
    line += rows;
  }
  return entry;
}

inline SeriesKey air_key(std::string_view station, std::string_view factor) {
  return {"office/" + std::string(station), "22", "2061", std::string(factor), "Avg"};
}

}  // namespace mj::telemetry::test
