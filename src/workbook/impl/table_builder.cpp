#include "table_builder.hpp"

#include <algorithm>
#include <set>

namespace mj::workbook {
namespace {

void drop_empty_end(std::vector<std::string>& cells) {
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
}

}  // namespace

std::string column_letters(std::size_t index) {
  std::string letters;
  for (std::size_t left = index + 1; left > 0; left = (left - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  return letters;
}

Status TableBuilder::add_header(std::size_t line, std::vector<std::string> cells) {
  if (cells.size() > kMaxColumns) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("line {}: {} columns; at most {} are read", line, cells.size(), kMaxColumns));
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("line {}, column {}: the column has no name", line, column_letters(i)));
    }
    if (!seen.insert(cells[i]).second) {
      return Error(ErrorCode::invalid_input, fmt::format("line {}, column {}: a second column with the name {}",
                                                         line, column_letters(i), cells[i]));
    }
  }
  sheet_.columns = std::move(cells);
  return {};
}

Status TableBuilder::add(std::size_t line, std::vector<std::string> cells) {
  const std::size_t written = cells.size();
  drop_empty_end(cells);
  if (cells.empty()) return {};
  if (sheet_.columns.empty()) return add_header(line, std::move(cells));
  const std::size_t width = sheet_.columns.size();
  if (cells.size() > width) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("line {}, column {}: a cell beyond the last column of the header, {}", line,
                             column_letters(cells.size() - 1), sheet_.columns.back()));
  }
  if (written < width && !short_rows) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("line {}: the row has {} cells, the header {}; {} is missing", line, written, width,
                             sheet_.columns[written]));
  }
  cells_ += width;
  if (cells_ > max_cells) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("line {}: the table is too large; at most {} cells are read", line, max_cells));
  }
  cells.resize(width);
  sheet_.rows.push_back({line, std::move(cells)});
  return {};
}

Result<Sheet> TableBuilder::finish() && {
  if (sheet_.columns.empty()) return Error(ErrorCode::invalid_input, "line 1: the file has no header row");
  return std::move(sheet_);
}

}  // namespace mj::workbook
