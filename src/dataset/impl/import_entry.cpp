#include "mj/dataset/import_entry.hpp"

#include <nlohmann/json.hpp>

#include "mj/dataset/records.hpp"

namespace mj::dataset {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kManifestBegin = R"({"kind":"import.file","version":1,)";
constexpr std::string_view kPartBegin = R"({"kind":"import.part","version":1,)";

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Error unreadable(std::string_view what, const std::exception& failure) {
  return Error(ErrorCode::invalid_input, fmt::format("this is no {} of an import: {}", what, failure.what()));
}

}  // namespace

std::string encode(const FileManifest& manifest) {
  return dump(Json{{"kind", "import.file"},
                   {"version", 1},
                   {"file", manifest.file},
                   {"bytes", manifest.bytes},
                   {"sha256", manifest.sha256},
                   {"source", manifest.source},
                   {"layout", Json::parse(to_json(manifest.layout))},
                   {"name", manifest.name},
                   {"reason", manifest.reason}});
}

std::string encode(const FilePart& part) {
  std::string text = dump(Json{{"kind", "import.part"},
                               {"version", 1},
                               {"file", part.file},
                               {"part", part.part},
                               {"offset", part.offset},
                               {"line", part.line}});
  text += '\n';
  text += part.bytes;
  return text;
}

bool is_manifest(std::string_view payload) { return payload.starts_with(kManifestBegin); }

Result<FileManifest> parse_manifest(std::string_view payload) {
  if (!is_manifest(payload)) return Error(ErrorCode::invalid_input, "this is no manifest of an import");
  try {
    const Json json = Json::parse(payload);
    FileManifest manifest;
    json.at("file").get_to(manifest.file);
    json.at("bytes").get_to(manifest.bytes);
    json.at("sha256").get_to(manifest.sha256);
    json.at("source").get_to(manifest.source);
    json.at("name").get_to(manifest.name);
    json.at("reason").get_to(manifest.reason);
    MJ_TRY(manifest.layout, from_json(dump(json.at("layout"))));
    if (manifest.source != manifest.layout.source)
      return Error(ErrorCode::invalid_input, "the manifest names another source than its layout");
    return manifest;
  } catch (const std::exception& failure) {
    return unreadable("manifest", failure);
  }
}

Result<FilePart> parse_part(std::string_view payload) {
  const std::size_t end = payload.find('\n');
  if (!payload.starts_with(kPartBegin) || end == std::string_view::npos)
    return Error(ErrorCode::invalid_input, "this is no part of an import");
  try {
    const Json json = Json::parse(payload.substr(0, end));
    FilePart part;
    for (const char* key : {"file", "part", "offset", "line"}) {
      if (!json.at(key).is_number_unsigned()) throw std::out_of_range(fmt::format("{} is no number", key));
    }
    json.at("file").get_to(part.file);
    json.at("part").get_to(part.part);
    json.at("offset").get_to(part.offset);
    json.at("line").get_to(part.line);
    if (part.line == 0) throw std::out_of_range("lines begin with 1");
    part.bytes = payload.substr(end + 1);
    return part;
  } catch (const std::exception& failure) {
    return unreadable("part", failure);
  }
}

Result<Cut> cut_part(std::string_view file, std::size_t begin, std::size_t line, char delimiter) {
  // Looking further than a part lets a quoted cell at its end be told as in the whole file.
  Records records(file.substr(begin, kMaxPartBytes * 2), delimiter, line);
  Cut cut{begin, line};
  while (records.next()) {
    if (records.end() > kMaxPartBytes) break;
    cut = {begin + records.end(), records.next_line()};
  }
  if (cut.end == begin && begin < file.size()) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("line {}: the row is longer than {} bytes", line, kMaxPartBytes));
  }
  return cut;
}

}  // namespace mj::dataset
