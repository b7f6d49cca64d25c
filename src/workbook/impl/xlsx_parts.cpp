#include "xlsx_parts.hpp"

#include <charconv>
#include <cstring>
#include <map>

namespace mj::workbook {
namespace {

constexpr std::string_view kWorksheet = "/worksheet";
constexpr std::string_view kWorkbook = "/officeDocument";
constexpr std::string_view kStrings = "/sharedStrings";
constexpr std::string_view kStyles = "/styles";

struct Relation {
  std::string type;
  std::string target;
};

std::string folder_of(const std::string& part) {
  const std::size_t slash = part.rfind('/');
  return slash == std::string::npos ? "" : part.substr(0, slash + 1);
}

/// A target as a part's name: relative to the folder of the part that relates to it, or from the root.
std::string resolve(std::string_view target, std::string folder) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    if (!folder.empty()) folder = folder_of(folder.substr(0, folder.size() - 1));
  }
  return folder + std::string(target);
}

Result<std::map<std::string, Relation, std::less<>>> relations(ZipParts& parts, const std::string& part) {
  const std::string folder = folder_of(part);
  pugi::xml_document document;
  MJ_CHECK(load_part(parts, folder + "_rels/" + part.substr(folder.size()) + ".rels", document));
  std::map<std::string, Relation, std::less<>> found;
  for (const pugi::xml_node node : document.document_element()) {
    found.insert_or_assign(
        std::string(attribute(node, "Id")),
        Relation{std::string(attribute(node, "Type")), resolve(attribute(node, "Target"), folder)});
  }
  return found;
}

std::string part_of_type(const std::map<std::string, Relation, std::less<>>& found, std::string_view type) {
  for (const auto& [id, relation] : found) {
    if (relation.type.ends_with(type)) return relation.target;
  }
  return {};
}

unsigned unsigned_of(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<CellFormat> read_formats(pugi::xml_node styles) {
  std::map<unsigned, CellFormat> own;
  for (const pugi::xml_node node : child(styles, "numFmts"))
    own.insert_or_assign(unsigned_of(attribute(node, "numFmtId")), format_of_code(attribute(node, "formatCode")));
  std::vector<CellFormat> formats;
  for (const pugi::xml_node node : child(styles, "cellXfs")) {
    const unsigned id = unsigned_of(attribute(node, "numFmtId"));
    const auto found = own.find(id);
    formats.push_back(found == own.end() ? format_of_number(id) : found->second);
  }
  return formats;
}

/// `_x000A_`: a character that XML cannot hold. Source: ISO/IEC 29500-1 §22.9.2.19.
std::string unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    unsigned value = 0;
    if (text.size() >= 7 && text.starts_with("_x") && text[6] == '_' &&
        std::from_chars(text.data() + 2, text.data() + 6, value, 16).ptr == text.data() + 6 && value < 0x80) {
      plain += static_cast<char>(value);
      text.remove_prefix(7);
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

}  // namespace

std::string_view local_name(const char* name) {
  const char* colon = std::strchr(name, ':');
  return colon == nullptr ? name : colon + 1;
}

pugi::xml_node child(pugi::xml_node parent, std::string_view name) {
  for (const pugi::xml_node node : parent) {
    if (local_name(node.name()) == name) return node;
  }
  return {};
}

std::string_view attribute(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_attribute candidate : node.attributes()) {
    if (local_name(candidate.name()) == name) return candidate.value();
  }
  return {};
}

std::string item_text(pugi::xml_node item) {
  std::string text;
  for (const pugi::xml_node node : item) {
    const std::string_view name = local_name(node.name());
    if (name == "t") text += node.text().get();
    if (name == "r") text += child(node, "t").text().get();
  }
  return unescaped(text);
}

Status load_part(ZipParts& parts, const std::string& name, pugi::xml_document& document) {
  MJ_TRY(const auto text, parts.part(name));
  if (!text)
    return Error(ErrorCode::invalid_input, fmt::format("this is no XLSX workbook: it has no part {}", name));
  const pugi::xml_parse_result parsed =
      document.load_buffer(text->data(), text->size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} is no XML at byte {}: {}", name, parsed.offset, parsed.description()));
  }
  return {};
}

Result<WorkbookParts> read_parts(ZipParts& parts) {
  WorkbookParts found;
  MJ_TRY(const auto roots, relations(parts, ""));
  const std::string workbook_part = part_of_type(roots, kWorkbook);
  pugi::xml_document workbook;
  MJ_CHECK(load_part(parts, workbook_part, workbook));
  MJ_TRY(const auto related, relations(parts, workbook_part));

  const std::string_view base = attribute(child(workbook.document_element(), "workbookPr"), "date1904");
  found.from_1904 = base == "1" || base == "true";
  for (const pugi::xml_node node : child(workbook.document_element(), "sheets")) {
    std::string_view id;  // r:id, beside which stands sheetId
    for (const pugi::xml_attribute candidate : node.attributes()) {
      if (local_name(candidate.name()) == "id" && std::strchr(candidate.name(), ':') != nullptr)
        id = candidate.value();
    }
    const auto relation = related.find(id);
    const std::string_view state = attribute(node, "state");
    if (relation == related.end() || !relation->second.type.ends_with(kWorksheet)) continue;
    if (state == "hidden" || state == "veryHidden") continue;
    found.sheet_name = attribute(node, "name");
    found.sheet_part = relation->second.target;
    break;
  }
  if (found.sheet_part.empty()) return Error(ErrorCode::invalid_input, "the workbook has no visible worksheet");

  if (const std::string part = part_of_type(related, kStrings); !part.empty()) {
    pugi::xml_document document;
    MJ_CHECK(load_part(parts, part, document));
    for (const pugi::xml_node item : document.document_element()) found.strings.push_back(item_text(item));
  }
  if (const std::string part = part_of_type(related, kStyles); !part.empty()) {
    pugi::xml_document document;
    MJ_CHECK(load_part(parts, part, document));
    found.formats = read_formats(document.document_element());
  }
  return found;
}

}  // namespace mj::workbook
