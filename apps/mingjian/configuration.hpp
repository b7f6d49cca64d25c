#pragma once

#include <filesystem>

#include "mj/evidence/log.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::app {

/// What every verdict from here on rests on besides the evidence: program, standards, rules, registered points.
struct ConfigurationFiles {
  std::filesystem::path share;    ///< its folders standards/ and rules/
  std::filesystem::path local;    ///< standards.local of the data directory; may be missing
  std::filesystem::path network;  ///< registered points; may be missing
};

/// Appends a configuration entry 配置快照 with the SHA-256 of every file when something changed since the last one, whose digest
/// `remembered` keeps. Without that file one entry more is written, which says the same again.
/// Errors: unavailable when a file cannot be read or the log cannot commit.
Status record_configuration(evidence::Log& log, const ConfigurationFiles& files,
                            const std::filesystem::path& remembered, Instant now);

}  // namespace mj::app
