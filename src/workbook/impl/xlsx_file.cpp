#include "xlsx_file.hpp"

#include <charconv>

#include "table_builder.hpp"
#include "xlsx_parts.hpp"

namespace mj::workbook {
namespace {

constexpr std::size_t kMaxRows = 1'048'576;

/// `BC23` → column 54 and row 23; 0 for what is not there.
struct CellPlace {
  std::size_t column = 0;  ///< from 1
  std::size_t row = 0;
};

CellPlace place_of(std::string_view reference) {
  CellPlace place;
  while (!reference.empty() && reference.front() >= 'A' && reference.front() <= 'Z' &&
         place.column <= kMaxColumns) {
    place.column = place.column * 26 + static_cast<std::size_t>(reference.front() - 'A' + 1);
    reference.remove_prefix(1);
  }
  std::from_chars(reference.data(), reference.data() + reference.size(), place.row);
  return place;
}

Error at_cell(std::size_t row, std::size_t column, std::string_view text) {
  return {ErrorCode::invalid_input, fmt::format("line {}, column {}: {}", row, column_letters(column), text)};
}

class SheetReader {
 public:
  explicit SheetReader(const WorkbookParts& parts) : parts_(parts) { table_.short_rows = true; }

  Result<Sheet> read(pugi::xml_node data) {
    std::size_t row = 0;
    for (const pugi::xml_node node : data) {
      if (local_name(node.name()) != "row") continue;
      ++row;
      if (const std::string_view stated = attribute(node, "r"); !stated.empty()) {
        std::size_t number = 0;
        std::from_chars(stated.data(), stated.data() + stated.size(), number);
        if (number < row)
          return Error(ErrorCode::invalid_input, fmt::format("line {}: the rows are not in order", number));
        row = number;
      }
      if (row > kMaxRows)
        return Error(ErrorCode::invalid_input, fmt::format("line {}: more rows than a workbook can have", row));
      MJ_TRY(auto cells, read_row(node, row));
      if (!header_seen_ && !cells.empty() && cells.front().starts_with('#')) continue;
      header_seen_ = header_seen_ || !cells.empty();
      MJ_CHECK(table_.add(row, std::move(cells)));
    }
    MJ_TRY(Sheet sheet, std::move(table_).finish());
    sheet.name = parts_.sheet_name;
    return sheet;
  }

 private:
  Result<std::vector<std::string>> read_row(pugi::xml_node node, std::size_t row) const {
    std::vector<std::string> cells;
    std::size_t column = 0;
    for (const pugi::xml_node cell : node) {
      if (local_name(cell.name()) != "c") continue;
      ++column;
      if (const std::string_view reference = attribute(cell, "r"); !reference.empty()) {
        const CellPlace place = place_of(reference);
        if (place.column < column) return at_cell(row, column - 1, "the cells are not in order");
        column = place.column;
      }
      if (column > kMaxColumns)
        return Error(ErrorCode::invalid_input, fmt::format("line {}: more than {} columns", row, kMaxColumns));
      MJ_TRY(std::string text, cell_text(cell, row, column - 1));
      if (text.empty()) continue;
      cells.resize(column);
      cells[column - 1] = std::move(text);
    }
    return cells;
  }

  Result<std::string> cell_text(pugi::xml_node cell, std::size_t row, std::size_t column) const {
    const std::string_view type = attribute(cell, "t");
    if (type == "inlineStr") return item_text(child(cell, "is"));
    const std::string_view stored = child(cell, "v").text().get();
    if (type == "str") return std::string(stored);
    if (stored.empty()) return std::string();
    if (type == "s") return shared(stored, row, column);
    if (type == "b") return std::string(stored == "0" ? "false" : "true");
    if (type == "e") return at_cell(row, column, fmt::format("the cell holds the error {}", stored));
    if (type == "d") return std::string(stored);
    return number(cell, stored, row, column);
  }

  Result<std::string> shared(std::string_view stored, std::size_t row, std::size_t column) const {
    std::size_t index = 0;
    const auto [end, failure] = std::from_chars(stored.data(), stored.data() + stored.size(), index);
    if (failure != std::errc() || end != stored.data() + stored.size() || index >= parts_.strings.size())
      return at_cell(row, column, fmt::format("there is no shared string {}", stored));
    return parts_.strings[index];
  }

  Result<std::string> number(pugi::xml_node cell, std::string_view stored, std::size_t row,
                             std::size_t column) const {
    CellFormat format;
    if (const std::string_view style = attribute(cell, "s"); !style.empty()) {
      std::size_t index = 0;
      std::from_chars(style.data(), style.data() + style.size(), index);
      if (index < parts_.formats.size()) format = parts_.formats[index];
    }
    if (format.date || format.time) {
      double serial = -1;
      const auto [end, failure] = std::from_chars(stored.data(), stored.data() + stored.size(), serial);
      const auto text = failure == std::errc() && end == stored.data() + stored.size()
                            ? date_text(serial, format, parts_.from_1904)
                            : std::nullopt;
      if (!text) return at_cell(row, column, fmt::format("{} is no date", stored));
      return *text;
    }
    const auto text = number_text(stored, format);
    if (!text) return at_cell(row, column, fmt::format("{} is no number", stored));
    return *text;
  }

  const WorkbookParts& parts_;
  TableBuilder table_;
  bool header_seen_ = false;
};

}  // namespace

Result<Sheet> read_xlsx(std::string_view bytes, std::size_t max_bytes) {
  MJ_TRY(ZipParts zip, ZipParts::open(bytes, max_bytes));
  MJ_TRY(const WorkbookParts parts, read_parts(zip));
  pugi::xml_document document;
  MJ_CHECK(load_part(zip, parts.sheet_part, document));
  return SheetReader(parts).read(child(document.document_element(), "sheetData"));
}

}  // namespace mj::workbook
