#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mj::dataset {

/// Cuts a table into records: RFC 4180, LF or CRLF ends; a quoted cell may hold line ends. A quote that is not closed
/// within 16 KiB counts as a plain character, and the record ends with its line. Views last until the next call and while
/// the bytes do.
class Records {
 public:
  Records(std::string_view bytes, char delimiter, std::size_t first_line = 1)
      : bytes_(bytes), delimiter_(delimiter), next_line_(first_line) {}

  /// False at the end. Empty lines are records of one empty cell.
  bool next();
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  [[nodiscard]] std::size_t line() const { return line_; }            ///< of the record's first character
  [[nodiscard]] std::size_t next_line() const { return next_line_; }  ///< after the record
  [[nodiscard]] std::size_t end() const { return at_; }  ///< offset behind the record and its line end
  [[nodiscard]] bool broken() const { return broken_; }  ///< a quote was not closed

 private:
  bool read_quoted();
  void read_plain();
  std::string_view bytes_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  std::size_t next_line_;
  bool broken_ = false;
  std::vector<std::string_view> cells_;
  std::vector<std::string> unquoted_;  ///< cells whose quotes were doubled
};

}  // namespace mj::dataset
