#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mj::app {

/// Columns that a text takes on a terminal: a Chinese character takes two, control characters none. Text that is no UTF-8
/// counts a column a byte.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Rows of text, aligned by their width on a terminal.
class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns; a line break in a cell becomes a blank, so that nobody's text can forge a row.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Titles and rows, each with a line end; nothing behind the last column.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// What may be written to a terminal: control characters, of which a device's text may hold any, become blanks.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace mj::app
