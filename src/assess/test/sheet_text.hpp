#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "mj/assess/sheet.hpp"

namespace mj::assess {

inline const standards::StandardSet& shipped_standards() {
  static const standards::StandardSet set = standards::StandardSet::load(MJ_SOURCE_DIR "/standards").value();
  return set;
}

/// Gives a text in pieces of a few bytes, so that every border falls somewhere.
inline ByteSource pieces_of(std::string text, std::size_t piece = 7) {
  auto rest = std::make_shared<std::pair<std::string, std::size_t>>(std::move(text), 0);
  return [rest, piece](std::span<char> into) -> Result<std::size_t> {
    const std::size_t count = std::min({piece, into.size(), rest->first.size() - rest->second});
    std::copy_n(rest->first.data() + rest->second, count, into.data());
    rest->second += count;
    return count;
  };
}

/// What an evaluation of this table prints, or its error.
template <typename Evaluate>
std::string judged(std::string table, Evaluate&& evaluate, SheetFormat format = SheetFormat::csv,
                   std::string standard = "") {
  std::string out;
  const SheetRun run{shipped_standards(), pieces_of(std::move(table)),
                     [&out](std::string_view text) -> Status {
                       out += text;
                       return {};
                     },
                     format, std::move(standard)};
  const Result<std::size_t> rows = evaluate(run);
  return rows ? out : "error: " + rows.error().text();
}

}  // namespace mj::assess
