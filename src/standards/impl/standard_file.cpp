#include "standard_file.hpp"

#include <toml++/toml.h>

#include <fstream>

#include "cells.hpp"
#include "override.hpp"

namespace mj::standards {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_whole(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Error(ErrorCode::not_found, fmt::format("cannot read {}", file.string()));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Error at(const std::string& file, const toml::node& node, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", file, node.source().begin.line, what));
}

/// A code of GB/T 2260 has six digits.
bool is_jurisdiction(std::string_view word) {
  return word == "nation" ||
         (word.size() == 6 && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

Result<Edition> read_edition(const std::string& file, const toml::table& document) {
  Edition edition;
  edition.id = document["id"].value_or(std::string());
  edition.title.zh = document["title"]["zh"].value_or(std::string());
  edition.title.en = document["title"]["en"].value_or(edition.title.zh);
  edition.source = document["source"].value_or(std::string());
  const auto from = day_begin(document["valid_from"].value_or(std::string()));
  const auto verification = parse_verification(document["verification"].value_or(std::string()));
  if (edition.id.empty() || edition.title.zh.empty()) return at(file, document, "id and title.zh are needed");
  if (!from) return at(file, document, "valid_from must be a day such as \"2026-03-01\"");
  if (!verification)
    return at(file, document, "verification must be VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED");
  edition.validity.from = *from;
  edition.verification = *verification;
  edition.jurisdiction = document["jurisdiction"].value_or(std::string("nation"));
  if (!is_jurisdiction(edition.jurisdiction))
    return at(file, *document.get("jurisdiction"), "jurisdiction must be \"nation\" or a code of six digits");
  if (const toml::array* superseded = document["supersedes"].as_array()) {
    for (const toml::node& node : *superseded) edition.supersedes.push_back(node.value_or(std::string()));
  }
  if (const auto* last = document.get("valid_to")) {
    edition.validity.to = day_end(last->value_or(std::string()));
    if (!edition.validity.to) return at(file, *last, "valid_to must be the last day, such as \"2026-02-28\"");
  }
  return edition;
}

/// "2005", "2017", "2025". Errors: none for another word.
std::optional<hj212::Dialect> parse_dialect(std::string_view word) {
  for (const auto dialect : {hj212::Dialect::v2005, hj212::Dialect::v2017, hj212::Dialect::v2025}) {
    if (hj212::name(dialect) == word) return dialect;
  }
  return std::nullopt;
}

constexpr std::string_view kCommands = "commands";
/// Tables that describe HJ 212 itself and are read by the codec.
constexpr std::array<std::string_view, 6> kProtocolKinds{kCommands,           "systems", "request_returns",
                                                         "execution_returns", "infos",   "deviations"};
/// Tables of values whose codes the codec must know as well.
constexpr std::array<std::string_view, 2> kSharedKinds{"factors", "flags"};

template <typename Kinds>
bool is_one_of(const Kinds& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

Result<RawTable> read_raw_table(const fs::path& root, const fs::path& path, const std::string& prefix,
                                const std::string& toml_file, const toml::node& node, ContentDigest& digest) {
  const toml::table* entry = node.as_table();
  if (entry == nullptr) return at(toml_file, node, "table must be written as [[table]]");
  RawTable table;
  table.kind = (*entry)["kind"].value_or(std::string());
  const std::string file = (*entry)["file"].value_or(std::string());
  if (table.kind.empty() || file.empty()) return at(toml_file, node, "a [[table]] needs kind and file");
  table.file = prefix + fs::relative(path.parent_path() / file, root).generic_string();
  auto content = read_whole(path.parent_path() / file);
  if (!content) return at(toml_file, node, content.error().text());
  digest.add(table.file, *content);
  table.content = std::move(*content);
  if (table.kind != kCommands) {
    MJ_TRY(table.csv, read_csv(table.content, table.file));
  }
  return table;
}

Result<RawStandard> read_standard(const fs::path& root, const fs::path& path, const std::string& prefix,
                                  ContentDigest& digest) {
  RawStandard raw;
  StandardFile& standard = raw.standard;
  standard.file = prefix + fs::relative(path, root).generic_string();
  MJ_TRY(const std::string text, read_whole(path));
  digest.add(standard.file, text);
  toml::table document;
  try {
    document = toml::parse(text, standard.file);
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", standard.file, failure.source().begin.line, failure.description()));
  }
  raw.overrides = document["overrides"].value_or(std::string());
  if (raw.overrides.empty()) {
    MJ_TRY(standard.edition, read_edition(standard.file, document));
  } else {
    standard.edition.source = document["source"].value_or(std::string());
    if (standard.edition.source.empty())
      return at(standard.file, document, "source is needed: where the rows were taken from");
  }
  if (const auto* dialect = document.get("dialect")) {
    const auto parsed = parse_dialect(dialect->value_or(std::string()));
    if (!parsed) return at(standard.file, *dialect, "dialect must be \"2005\", \"2017\" or \"2025\"");
    standard.dialect = *parsed;
  }
  standard.surface_water = document["surface_water"].value_or(false);
  standard.index_min = document["aqi"]["index_min"].value_or(0);
  standard.primary_above = document["aqi"]["primary_above"].value_or(50);
  standard.publish_incomplete_above = document["aqi"]["publish_incomplete_above"].value<int>();
  const toml::array* tables = document["table"].as_array();
  if (tables == nullptr) return at(standard.file, document, "no [[table]]");
  for (const toml::node& node : *tables) {
    MJ_TRY(auto table, read_raw_table(root, path, prefix, standard.file, node, digest));
    raw.tables.push_back(std::move(table));
  }
  return raw;
}

/// The commands of HJ 212 as rows: what each is, without its fields.
Result<Table> readable_commands(const RawTable& raw, const Edition& edition) {
  Table table{raw.kind, edition.id, raw.file, {}, {"cn", "sender", "kind", "zh", "en"}, {}};
  toml::table document;
  try {
    document = toml::parse(raw.content, raw.file);
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", raw.file, failure.source().begin.line, failure.description()));
  }
  const toml::array* commands = document["command"].as_array();
  for (std::size_t i = 0; commands != nullptr && i < commands->size(); ++i) {
    const toml::table* command = (*commands)[i].as_table();
    if (command == nullptr) continue;
    const auto text = [&](std::string_view key) { return (*command)[key].value_or(std::string()); };
    TableRow row;
    for (const std::string& column : table.header) row.cells.push_back(text(column));
    row.key = fmt::format("{} {}", row.cells[0], row.cells[1]);
    row.validity = edition.validity;
    row.verification = parse_verification(text("verification")).value_or(Verification::unverified);
    row.clause = text("clause");
    row.origin = fmt::format("{}:{}", raw.file, command->source().begin.line);
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// A row of any table; tables of the codec have no days.
Result<TableRow> readable_row(const CsvTable& csv, const CsvRow& row, const Edition& edition,
                              const std::vector<std::string_view>& key) {
  const auto has = [&](std::string_view column) {
    return std::find(csv.header.begin(), csv.header.end(), column) != csv.header.end();
  };
  Cells cells(csv, row, edition.validity);
  TableRow readable;
  readable.cells = row.cells;
  readable.key = has(key.front()) ? row_key(csv, row, key) : std::string();
  readable.validity = has("valid_from") ? cells.validity() : edition.validity;
  readable.verification = cells.verification();
  readable.clause = cells.text("clause");
  readable.origin = fmt::format("{}:{}", csv.origin_of(row), row.line);
  readable.source = row.source;
  readable.local = edition.local || !row.origin.empty();
  if (cells.error()) return *cells.error();
  return readable;
}

}  // namespace

bool is_protocol_kind(std::string_view kind) { return is_one_of(kProtocolKinds, kind); }

Result<std::vector<RawStandard>> read_folder(const fs::path& root, const std::string& prefix,
                                             ContentDigest& digest) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(root, failure); !failure && entry != fs::end(entry);
       entry.increment(failure)) {
    if (entry->path().filename() == "standard.toml") files.push_back(entry->path());
  }
  if (failure || files.empty()) {
    return Error(ErrorCode::not_found,
                 fmt::format("no standard.toml below {}: give the directory of the standards", root.string()));
  }
  std::sort(files.begin(), files.end());
  std::vector<RawStandard> standards;
  for (const fs::path& file : files) {
    MJ_TRY(auto standard, read_standard(root, file, prefix, digest));
    standards.push_back(std::move(standard));
  }
  return standards;
}

Result<StandardFile> interpret(const RawStandard& raw) {
  StandardFile standard = raw.standard;
  for (const RawTable& table : raw.tables) {
    if (is_protocol_kind(table.kind) || is_one_of(kSharedKinds, table.kind))
      standard.protocol.push_back(
          {standard.dialect, standard.surface_water, table.kind, table.file, table.content});
    if (!is_protocol_kind(table.kind)) MJ_CHECK(read_table(table.kind, table.csv, standard));
  }
  return standard;
}

Result<std::vector<Table>> readable(const RawStandard& raw) {
  std::vector<Table> tables;
  const Edition& edition = raw.standard.edition;
  for (const RawTable& from : raw.tables) {
    if (from.kind == kCommands) {
      MJ_TRY(auto commands, readable_commands(from, edition));
      tables.push_back(std::move(commands));
      continue;
    }
    Table table{from.kind, edition.id, from.file, from.csv.comments, from.csv.header, {}};
    const auto key = key_columns(from.kind);
    for (const CsvRow& row : from.csv.rows) {
      MJ_TRY(auto added, readable_row(from.csv, row, edition, key));
      table.rows.push_back(std::move(added));
    }
    for (std::size_t i = 0; i < from.csv.overridden.size(); ++i) {
      MJ_TRY(auto replaced, readable_row(from.csv, from.csv.overridden[i], edition, key));
      replaced.replaced_by = from.csv.replaced_by[i];
      table.rows.push_back(std::move(replaced));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace mj::standards
