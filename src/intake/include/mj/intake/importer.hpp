#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mj/dataset/catalogue.hpp"
#include "mj/evidence/log.hpp"
#include "mj/intake/receipt.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/author.hpp"
#include "mj/registry/book.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::intake {

/// A file that somebody hands over.
struct Offer {
  std::string file;        ///< its name
  std::string_view bytes;  ///< as it is; zstd is decompressed
  dataset::Statement statement;
  registry::Author author;  ///< not needed for a dry run
  bool dry_run = false;
};

/// A file of the same bytes in the log, as far as it is durable.
struct Known {
  std::uint64_t entry = 0;
  std::string layout_sha256;
  std::uint64_t bytes = 0;
  std::uint64_t durable = 0;  ///< bytes of it that are there, from its beginning
  std::uint32_t next_part = 0;
  std::uint64_t next_line = 1;
};
/// Files in the log with these bytes. Errors: unavailable while the log is still being read.
using FindKnown = std::function<Result<std::vector<Known>>(const std::string& sha256)>;

/// How far a file is; called between batches.
struct Progress {
  std::uint64_t bytes = 0;  ///< durable
  std::uint64_t total = 0;
};

/// Most faults listed in a receipt; all are counted.
inline constexpr std::size_t kMaxFaults = 500;
/// Largest file after decompression.
inline constexpr std::uint64_t kMaxFileBytes = 1ULL << 30;

/// Takes files in. Thread: any; one file at a time.
class Importer {
 public:
  /// All references outlive the importer.
  Importer(const dataset::Catalogue& catalogue, evidence::Log& log, registry::Book& book, FindKnown find,
           runtime::Clock clock);

  /// Writes the file to the log, or its records to the register, and waits until all of it is durable.
  /// Errors: invalid_input (author, damaged compression, too large, a row longer than a part, what the file does not say);
  /// unavailable when the log cannot be written. A file without a layout is no error: the receipt says why.
  [[nodiscard]] Result<Receipt> take(const Offer& offer,
                                     const std::function<void(const Progress&)>& progress = {});

  [[nodiscard]] const dataset::Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] dataset::Recognition recognise(std::string_view file, std::string_view beginning) const;

 private:
  Result<Receipt> take_values(const Offer& offer, std::string_view plain, Receipt receipt,
                              const std::function<void(const Progress&)>& progress);
  Result<Receipt> take_directory(const Offer& offer, std::string_view plain, Receipt receipt);
  /// Points for stations that no point of the register names as its reporter.
  Status register_stations(const Offer& offer, const std::set<std::string>& stations, Receipt& receipt);
  Result<RecordCounts> enter(const Offer& offer, const std::vector<registry::Change>& changes,
                             std::size_t unchanged, Receipt& receipt);
  Status write(const Known& from, std::string_view plain, Receipt& receipt,
               const std::function<void(const Progress&)>& progress);

  const dataset::Catalogue& catalogue_;
  evidence::Log& log_;
  registry::Book& book_;
  FindKnown find_;
  runtime::Clock clock_;
  std::mutex mutex_;
  std::map<std::string, Known> written_;  ///< by SHA-256 of file and layout: what the finder may not know yet
};

/// The rows and cells of a stored file that cannot be read, at most `most`: its parts are read again.
[[nodiscard]] Result<std::vector<Fault>> faults_of(const evidence::Log& log, std::uint64_t manifest,
                                                   const std::vector<std::uint64_t>& parts, std::size_t most);

}  // namespace mj::intake
