#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "import_outcome.hpp"
#include "mj/intake/importer.hpp"
#include "mj/kernel/result.hpp"
#include "mj/telemetry/store.hpp"
#include "platform.hpp"

namespace mj::app {

/// Imports into a data directory whose server is stopped: the evidence log, the register and the values, nothing else. What the other
/// books make of it they read at the next start.
class LocalImport {
 public:
  /// Opens the stores and derives what the log holds beyond them. Errors: conflict when a server has the directory open.
  [[nodiscard]] static Result<std::unique_ptr<LocalImport>> open(const std::filesystem::path& share,
                                                                 const DataDirectory& data,
                                                                 const std::string& network);
  ~LocalImport();
  LocalImport(const LocalImport&) = delete;
  LocalImport& operator=(const LocalImport&) = delete;

  /// Takes one file and derives its values, telling how far it is.
  [[nodiscard]] ImportOutcome take(const std::string& path, const intake::Offer& offer);
  [[nodiscard]] const dataset::Catalogue& catalogue() const { return catalogue_; }
  /// Sorts the values and writes everything into the files.
  Status finish();

 private:
  explicit LocalImport(Knowledge knowledge) : knowledge_(std::move(knowledge)) {}
  Status derive(std::string_view what);

  Knowledge knowledge_;
  dataset::Catalogue catalogue_;
  std::unique_ptr<evidence::Log> log_;
  std::unique_ptr<registry::DeviceRegister> settings_;
  std::unique_ptr<registry::Book> book_;
  std::unique_ptr<telemetry::Store> store_;
  std::unique_ptr<intake::Importer> importer_;
};

/// What telemetry knows of files with these bytes, as the importer asks for it.
[[nodiscard]] Result<std::vector<intake::Known>> known_files(const telemetry::Store& store,
                                                             const std::string& sha256);

}  // namespace mj::app
