#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api_client.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/record_table.hpp"

namespace mj::app {

/// Which records of the register a command is about.
struct RecordQuestion {
  std::string kind;
  std::string as_of;  ///< empty: today
  registry::RecordFilter filter;
};

/// What the register says of one record.
struct RecordAnswer {
  std::optional<registry::Record> record;
  std::vector<registry::HistoryStep> history;  ///< newest effective day first
};

/// The register of a running server, or of a data directory whose server is stopped.
class RegisterAccess {
 public:
  /// Errors: invalid_input.
  [[nodiscard]] static Result<RegisterAccess> of_server(const std::string& url);
  /// Errors: conflict when a server has the directory open; not_found without an evidence log.
  [[nodiscard]] static Result<RegisterAccess> of_directory(const std::string& data, const std::string& share);

  [[nodiscard]] Result<std::vector<registry::Record>> list(const RecordQuestion& question) const;
  [[nodiscard]] Result<RecordAnswer> show(const std::string& kind, const std::string& id,
                                          const std::string& as_of) const;
  [[nodiscard]] Result<std::vector<registry::Hint>> duplicates(const std::string& as_of,
                                                               const std::string& element,
                                                               std::optional<double> distance_m) const;
  [[nodiscard]] Result<registry::ImportReport> import(const registry::RecordImport& wanted) const;
  /// `format`: csv, xlsx; `titles`: key, zh, en.
  [[nodiscard]] Result<std::string> export_table(const RecordQuestion& question, const std::string& format,
                                                 const std::string& titles) const;

 private:
  struct Local {
    registry::RegisterSchema schema;
    std::unique_ptr<evidence::Log> log;
    std::unique_ptr<registry::Book> book;
  };
  RegisterAccess() = default;

  std::optional<ApiClient> server_;
  std::unique_ptr<Local> local_;  ///< null when it is a server
};

}  // namespace mj::app
