#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mj/dataset/import_entry.hpp"
#include "mj/dataset/reader.hpp"
#include "mj/evidence/log.hpp"
#include "mj/telemetry/observation.hpp"
#include "reason.hpp"

namespace mj::telemetry {

/// What an entry of an import is. Views last until the next call and while the entry's bytes do.
struct ImportReading {
  Reason reason = Reason::none;                     ///< why it is rejected
  const dataset::FileManifest* manifest = nullptr;  ///< of a manifest, or of the file a part belongs to
  std::optional<dataset::FilePart> part;            ///< none for a manifest
  dataset::Reader* reader = nullptr;                ///< of a part
};

/// Reads import entries: a pure function of the entry and the manifest it names. Keeps the newest manifests. Thread: one.
class ImportReader {
 public:
  /// The log that manifests are read from; before each batch. Errors of reading it end the batch.
  void use(const evidence::Log& log) { log_ = &log; }
  [[nodiscard]] Result<ImportReading> read(const evidence::StoredEntry& stored);

 private:
  struct File {
    dataset::FileManifest manifest;
    std::optional<dataset::Reader> reader;  ///< none: the entry is no manifest that can be read
    bool usable = false;
  };
  Result<File*> file(std::uint64_t entry);
  static File make(std::string_view payload);

  const evidence::Log* log_ = nullptr;
  std::map<std::uint64_t, File> files_;
};

}  // namespace mj::telemetry
