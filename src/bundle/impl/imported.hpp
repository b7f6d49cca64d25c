#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document.hpp"
#include "mj/dataset/import_entry.hpp"
#include "mj/dataset/reader.hpp"

namespace mj::bundle {

/// One value of an imported file and where it belongs (docs/formats/bundle.md §3.2).
struct Cell {
  std::string device;  ///< <source>/<station>
  std::string st;
  std::string cn;
  std::string factor;
  std::string kind;
  std::string time;  ///< 17 digits
  std::string text;
  std::string unit;  ///< of the text, by the layout
};

/// The parts of imported files in a document, each cut into records once, when first asked for. What a hostile manifest costs is
/// bounded by §3.2: only the record and the column asked for are read. Thread: one.
class ImportedCells {
 public:
  /// `document` outlives this and may get further entries.
  explicit ImportedCells(const Document& document) : document_(document) {}

  /// Errors: invalid_input when the part holds no such value.
  [[nodiscard]] Result<Cell> read(std::uint64_t entry, std::uint64_t line, std::string_view column);
  /// The column and line of a value that the platform took from a part: `wanted` as the platform has it, its unit aside.
  /// Errors: damaged when the part does not show it; invalid_input when it cannot be read.
  struct Place {
    std::uint64_t line = 0;
    std::string column;
  };
  [[nodiscard]] Result<Place> find(std::uint64_t entry, const Cell& wanted);
  /// Entry of the manifest of a part. Errors: invalid_input when the entry is no part.
  [[nodiscard]] Result<std::uint64_t> manifest_of(std::uint64_t entry) const;

 private:
  struct Manifest {
    std::string error;  ///< why it is none; empty when it is good
    std::uint64_t bytes = 0;
    dataset::Layout layout;
  };
  /// Places within the part, which is shorter than an entry.
  struct Record {
    std::uint16_t line = 0;  ///< lines before it in the part
    std::uint16_t begin = 0;
    std::uint16_t end = 0;
  };
  struct Part {
    std::string error;
    std::uint64_t file = 0;
    std::uint64_t line = 0;
    std::string_view bytes;
    std::vector<Record> records;
  };
  using Column = std::pair<std::uint64_t, std::string>;  ///< of a manifest

  const Manifest& manifest(std::uint64_t entry);
  const Part& part(std::uint64_t entry);
  Result<Part> read_part(std::uint64_t entry);
  /// For one column; for the whole file when it is empty.
  Result<dataset::Reader*> reader(std::uint64_t file, std::string_view column);

  const Document& document_;
  std::map<std::uint64_t, Manifest> manifests_;
  std::map<std::uint64_t, Part> parts_;
  std::map<Column, Result<dataset::Reader>> readers_;
};

}  // namespace mj::bundle
