#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/book.hpp"
#include "mj/registry/network.hpp"
#include "mj/registry/register_schema.hpp"

namespace mj::app {

/// Opens the register of a data directory and reads the log to its end. Errors: as registry::Book::open and consume.
[[nodiscard]] Result<std::unique_ptr<registry::Book>> open_register(const std::filesystem::path& records,
                                                                    const registry::RegisterSchema& schema,
                                                                    const evidence::Log& log);

/// Takes into the register what files beside the program or the data say: in each folder `<kind>.geojson` or `<kind>.csv`, kinds
/// in order of the schema, and the points of network.toml before other points. What is wrong with a file is logged and
/// does not keep devices out. Errors: unavailable when the log cannot commit.
Status adopt_register_files(registry::Book& book, evidence::Log& log, const registry::Network& network,
                            const std::vector<std::filesystem::path>& folders, Instant now);

}  // namespace mj::app
