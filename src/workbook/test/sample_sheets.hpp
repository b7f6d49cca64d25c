#pragma once

#include <rapidcheck.h>

#include <set>
#include <string>
#include <vector>

#include "mj/workbook/sheet.hpp"

namespace mj::workbook {

/// Text as people and spreadsheets write it, the nasty sorts more often than they deserve.
inline std::string any_cell() {
  static const std::vector<std::string> kPieces = {"a",    "Z",    "0",  "12", ".",  "-",       "+",    "=",
                                                   "@",    ",",    "\"", "'",  "\n", "\r\n",    "\t",   " ",
                                                   "#",    "监",   "测", "é",  "😀", "_x000A_", "_x5F", "<b",
                                                   "&amp", "\x01", ";",  "'=", "-5", "1e5",     "%",    "\x7F"};
  std::string text;
  for (const std::string& piece :
       *rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces))))
    text += piece;
  return text;
}

/// A sheet with at least one cell of text in every row, as reading passes over rows without any.
inline Sheet any_sheet() {
  Sheet sheet;
  sheet.name = "Sheet";
  const auto width = *rc::gen::inRange<std::size_t>(1, 5);
  std::set<std::string> used;
  while (sheet.columns.size() < width) {
    const std::string name = "c" + any_cell();
    if (used.insert(name).second) sheet.columns.push_back(name);
  }
  const auto height = *rc::gen::inRange<std::size_t>(0, 8);
  for (std::size_t r = 0; r < height; ++r) {
    Row row{r + 2, {}};
    for (std::size_t c = 0; c < width; ++c) row.cells.push_back(any_cell());
    if (std::ranges::all_of(row.cells, [](const std::string& cell) { return cell.empty(); })) row.cells[0] = "x";
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

inline std::vector<std::vector<std::string>> cells_of(const Sheet& sheet) {
  std::vector<std::vector<std::string>> cells;
  for (const Row& row : sheet.rows) cells.push_back(row.cells);
  return cells;
}

}  // namespace mj::workbook
