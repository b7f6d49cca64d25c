#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cell_format.hpp"
#include "zip_parts.hpp"

namespace mj::workbook {

/// The name of an element or attribute without its namespace prefix.
[[nodiscard]] std::string_view local_name(const char* name);
/// The first child of this local name; an empty node when there is none.
[[nodiscard]] pugi::xml_node child(pugi::xml_node parent, std::string_view name);
/// Value of the attribute of this local name; empty when there is none.
[[nodiscard]] std::string_view attribute(pugi::xml_node node, std::string_view name);
/// The text of a string item: its runs without phonetic marks, `_x000A_` unescaped.
[[nodiscard]] std::string item_text(pugi::xml_node item);

/// What a worksheet needs of the other parts of its workbook.
struct WorkbookParts {
  std::string sheet_name;
  std::string sheet_part;
  bool from_1904 = false;
  std::vector<std::string> strings;
  std::vector<CellFormat> formats;  ///< by style index
};

/// Parses a part. Errors: invalid_input when it is missing or no XML.
Status load_part(ZipParts& parts, const std::string& name, pugi::xml_document& document);
/// Finds the first visible worksheet and reads strings and styles. Errors: invalid_input.
[[nodiscard]] Result<WorkbookParts> read_parts(ZipParts& parts);

}  // namespace mj::workbook
