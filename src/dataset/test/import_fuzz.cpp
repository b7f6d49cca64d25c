// Any bytes as a manifest and a part of an import: never a crash; what is read lies within the part, is text that can be stored, and
// does not depend on where the part was cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>

#include "mj/dataset/catalogue.hpp"
#include "mj/dataset/import_entry.hpp"
#include "mj/dataset/reader.hpp"
#include "mj/dataset/records.hpp"
#include "mj/kernel/text.hpp"

namespace {

using mj::dataset::Fault;
using mj::dataset::Reader;
using mj::dataset::Row;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Everything that a stretch of a file gives, in words.
std::vector<std::string> read_all(Reader& reader, std::string_view bytes, std::size_t line) {
  std::vector<std::string> seen;
  const std::size_t last = line + static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  std::size_t values = 0;
  std::size_t faults = 0;
  const mj::dataset::Tally tally = reader.read(
      bytes, line,
      [&](const Row& row) {
        require(row.line >= line && row.line <= last);
        require(!row.station.empty() && row.station.size() <= 128 && mj::is_utf8(row.station));
        require(!row.values.empty());
        for (const mj::dataset::Value& value : row.values) {
          require(value.column < reader.layout().values.size());
          require(!value.text.empty() && mj::is_utf8(value.text));
          seen.push_back(
              fmt::format("{} {} {} {}={}", row.line, row.station, row.at.ms(), value.column, value.text));
          ++values;
        }
      },
      [&](const Fault& fault) {
        require(fault.line >= line && fault.line <= last);
        require(mj::is_utf8(fault.text));
        seen.push_back(fmt::format("{} {}: {}", fault.line, fault.column, fault.text));
        ++faults;
      });
  require(tally.values == values && tally.faults == faults);
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const mj::dataset::Catalogue kShipped = [] {
    const char* folder = std::getenv("MJ_DATASETS");
    auto catalogue = mj::dataset::Catalogue::load(folder == nullptr ? "datasets" : folder);
    return catalogue ? *std::move(catalogue) : mj::dataset::Catalogue();
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const mj::dataset::Recognition found = kShipped.recognise("a.csv", text.substr(0, 4096));
  require(found.layout.has_value() || !found.reason.empty());

  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  const auto manifest = mj::dataset::parse_manifest(text.substr(0, end));
  const auto part = mj::dataset::parse_part(text.substr(end + 1));
  if (!manifest || !part) return 0;
  const auto again = mj::dataset::parse_manifest(mj::dataset::encode(*manifest));
  require(again && mj::dataset::encode(*again) == mj::dataset::encode(*manifest));
  auto reader = Reader::make(manifest->layout);
  if (!reader || part->line > (1U << 30)) return 0;
  const std::vector<std::string> whole = read_all(*reader, part->bytes, part->line);

  mj::dataset::Records records(part->bytes, manifest->layout.delimiter, part->line);
  if (!records.next()) return 0;
  const std::size_t cut = records.end();
  const std::size_t line = records.next_line();
  std::vector<std::string> pieces = read_all(*reader, part->bytes.substr(0, cut), part->line);
  const std::vector<std::string> rest = read_all(*reader, part->bytes.substr(cut), line);
  pieces.insert(pieces.end(), rest.begin(), rest.end());
  require(pieces == whole);
  return 0;
}
