#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "mj/hj212/protocol.hpp"

namespace mj::hj212 {

/// The files of standards/ that describe HJ 212, in the order in which the room `standards` hands them over.
inline std::vector<Protocol::Source> shipped_sources() {
  namespace fs = std::filesystem;
  const std::set<std::string> kinds{"commands", "systems",    "request_returns", "execution_returns",
                                    "infos",    "deviations", "factors",         "flags"};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(MJ_SOURCE_DIR "/standards")) {
    if (entry.path().filename() == "standard.toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Protocol::Source> sources;
  for (const fs::path& file : files) {
    const toml::table document = toml::parse_file(file.string());
    Dialect dialect = Dialect::unknown;
    for (const auto known : {Dialect::v2005, Dialect::v2017, Dialect::v2025}) {
      if (document["dialect"].value_or(std::string()) == name(known)) dialect = known;
    }
    for (const toml::node& table : *document["table"].as_array()) {
      const std::string kind = (*table.as_table())["kind"].value_or(std::string());
      if (!kinds.contains(kind)) continue;
      const fs::path path = file.parent_path() / (*table.as_table())["file"].value_or(std::string());
      std::ifstream stream(path, std::ios::binary);
      sources.push_back({dialect, document["surface_water"].value_or(false), kind,
                         fs::relative(path, MJ_SOURCE_DIR "/standards").generic_string(),
                         std::string(std::istreambuf_iterator<char>(stream), {})});
    }
  }
  return sources;
}

/// The tables as they ship.
inline const Protocol& shipped_protocol() {
  static const Protocol protocol = [] {
    auto parsed = Protocol::parse(shipped_sources());
    if (!parsed) throw std::runtime_error(parsed.error().text());
    return *parsed;
  }();
  return protocol;
}

}  // namespace mj::hj212
