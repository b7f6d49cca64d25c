#include <stdlib.h>  // mkdtemp
#include <xlsxwriter.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <set>

#include "csv_file.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/text.hpp"
#include "mj/workbook/sheet.hpp"
#include "table_builder.hpp"

namespace mj::workbook {
namespace {

constexpr std::size_t kMaxNameCharacters = 31;
constexpr std::size_t kMaxCellCharacters = 32'767;
constexpr std::size_t kExactDigits = 15;  // more do not survive a double
constexpr std::size_t kRowsMeasured = 1000;

/// A folder for the file that the library writes, gone with this object.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make() {
    std::error_code failure;
    const std::filesystem::path base = std::filesystem::temp_directory_path(failure);
    std::string pattern = (base / "mingjian-workbook-XXXXXX").string();
    if (failure || ::mkdtemp(pattern.data()) == nullptr) {
      return Error(ErrorCode::unavailable, fmt::format("no temporary folder for a workbook: {}",
                                                       failure ? failure.message() : std::strerror(errno)));
    }
    ScratchFolder folder;
    folder.path_ = pattern;
    return folder;
  }
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  ScratchFolder() = default;
  std::filesystem::path path_;
};

/// Every cell with text is a number that a double keeps digit for digit, and there is one.
bool is_number_column(const Sheet& sheet, std::size_t column) {
  bool any = false;
  for (const Row& row : sheet.rows) {
    const std::string& cell = row.cells[column];
    if (cell.empty()) continue;
    const auto digits = std::ranges::count_if(cell, [](char c) { return c >= '0' && c <= '9'; });
    const bool minus_nothing = cell.starts_with('-') && cell.find_first_of("123456789") == std::string::npos;
    if (!is_plain_number(cell) || static_cast<std::size_t>(digits) > kExactDigits || minus_nothing) return false;
    any = true;
  }
  return any;
}

/// In columns of Latin letters: what a wide character takes is counted twice.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(utf8_sequence(text), 1);
    width += size > 2 ? 2 : 1;
    text.remove_prefix(size);
  }
  return width;
}

/// A name that a workbook accepts and none of the sheets before has.
std::string sheet_name(std::string_view wanted, std::set<std::string>& used) {
  std::string name;
  std::size_t characters = 0;
  while (!wanted.empty() && characters < kMaxNameCharacters - 4) {
    const std::size_t size = utf8_sequence(wanted);
    const bool forbidden = size == 0 || static_cast<unsigned char>(wanted.front()) < 0x20 ||
                           std::string_view("[]:*?/\\'").find(wanted.front()) != std::string_view::npos;
    name += forbidden ? " " : wanted.substr(0, size);
    wanted.remove_prefix(std::max<std::size_t>(size, 1));
    ++characters;
  }
  if (name.find_first_not_of(' ') == std::string::npos) name = "Sheet";
  std::string chosen = name;
  const auto folded = [](std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return text;
  };
  for (int n = 2; !used.insert(folded(chosen)).second; ++n) chosen = fmt::format("{} {}", name, n);
  return chosen;
}

Status check_text(const Sheet& sheet, std::size_t line, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!is_utf8(cells[i]) || cells[i].find('\0') != std::string::npos ||
        (cells[i].size() > kMaxCellCharacters && width_of(cells[i]) > kMaxCellCharacters)) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("sheet {}, line {}, column {}: no workbook can hold this text", sheet.name, line,
                               column_letters(i)));
    }
  }
  return {};
}

/// What XML cannot hold, or what would be taken for an escape, as `_x000D_`. Source: ISO/IEC 29500-1 §22.9.2.19.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n') || text.substr(i, 2) == "_x")
      out += fmt::format("_x{:04X}_", c);
    else
      out += text[i];
  }
  return out;
}

struct Styles {
  lxw_workbook* book;
  lxw_format* header;
  std::map<std::size_t, lxw_format*> decimals;

  lxw_format* number(std::size_t places) {
    lxw_format*& format = decimals[places];
    if (format == nullptr) {
      format = workbook_add_format(book);
      format_set_num_format(format, places == 0 ? "0" : ("0." + std::string(places, '0')).c_str());
    }
    return format;
  }
};

void write_number(lxw_worksheet* page, lxw_row_t row, lxw_col_t column, const std::string& cell, Styles& styles) {
  const Decimal value = parse_decimal(cell).value_or(Decimal{});
  worksheet_write_number(page, row, column, to_double(value), styles.number(value.decimals));
}

Status write_sheet(const Sheet& sheet, lxw_worksheet* page, Styles& styles) {
  if (sheet.rows.size() >= LXW_ROW_MAX || sheet.columns.size() > LXW_COL_MAX) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("sheet {}: {} rows of {} columns; a workbook holds {} of {}, write CSV instead",
                             sheet.name, sheet.rows.size(), sheet.columns.size(), LXW_ROW_MAX - 1, LXW_COL_MAX));
  }
  MJ_CHECK(check_text(sheet, 1, sheet.columns));
  for (std::size_t c = 0; c < sheet.columns.size(); ++c)
    worksheet_write_string(page, 0, static_cast<lxw_col_t>(c), escaped(sheet.columns[c]).c_str(), styles.header);
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    MJ_CHECK(check_text(sheet, r + 2, sheet.rows[r].cells));
    if (sheet.rows[r].cells.size() != sheet.columns.size())
      return Error(ErrorCode::internal,
                   fmt::format("sheet {}: row {} is not as wide as its header", sheet.name, r + 2));
  }
  for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
    const auto column = static_cast<lxw_col_t>(c);
    const bool numbers = is_number_column(sheet, c);
    std::size_t width = width_of(sheet.columns[c]) + 4;  // room for the button of the filter
    for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
      const std::string& cell = sheet.rows[r].cells[c];
      if (cell.empty()) continue;
      if (r < kRowsMeasured) width = std::max(width, width_of(cell) + 1);
      const auto row = static_cast<lxw_row_t>(r + 1);
      if (numbers)
        write_number(page, row, column, cell, styles);
      else
        worksheet_write_string(page, row, column, escaped(cell).c_str(), nullptr);
    }
    worksheet_set_column(page, column, column, static_cast<double>(std::min<std::size_t>(width, 60)), nullptr);
  }
  worksheet_freeze_panes(page, 1, 0);
  if (!sheet.columns.empty()) {
    worksheet_autofilter(page, 0, 0, static_cast<lxw_row_t>(sheet.rows.size()),
                         static_cast<lxw_col_t>(sheet.columns.size() - 1));
  }
  return {};
}

}  // namespace

Result<std::string> write_xlsx(std::span<const Sheet> sheets) {
  MJ_TRY(const ScratchFolder folder, ScratchFolder::make());
  const std::string file = (folder.path() / "table.xlsx").string();
  std::string scratch = folder.path().string();
  lxw_workbook_options options{};
  options.tmpdir = scratch.data();
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  if (book == nullptr) return Error(ErrorCode::unavailable, "no memory for a workbook");
  Styles styles{book, workbook_add_format(book), {}};
  format_set_bold(styles.header);
  Status written;
  std::set<std::string> names;
  for (const Sheet& sheet : sheets) {
    lxw_worksheet* page = workbook_add_worksheet(book, sheet_name(sheet.name, names).c_str());
    if (page == nullptr) {
      written = Error(ErrorCode::internal, fmt::format("the library refuses the sheet name {}", sheet.name));
      break;
    }
    written = write_sheet(sheet, page, styles);
    if (!written) break;
  }
  const lxw_error closed = workbook_close(book);  // frees the book whatever happened
  if (!written) return written.error();
  if (closed != LXW_NO_ERROR)
    return Error(ErrorCode::unavailable, fmt::format("cannot write a workbook: {}", lxw_strerror(closed)));
  std::ifstream in(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in || bytes.empty()) return Error(ErrorCode::unavailable, "cannot read the workbook that was written");
  return bytes;
}

}  // namespace mj::workbook
