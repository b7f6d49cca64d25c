#pragma once

#include <filesystem>
#include <string>

#include "mj/evidence_format/note.hpp"
#include "mj/kernel/result.hpp"

namespace mj::witness {

/// Opens the key of a witness (`key.pem`, `vkey`), or makes it, with a passphrase when that is missing too.
/// Errors: conflict when the key has another name; damaged when the two files do not belong together; invalid_input for no name
/// or a wrong passphrase; not_found when there is a key but no passphrase.
[[nodiscard]] Result<evidence_format::SoftwareKey> open_key(const std::filesystem::path& directory,
                                                            const std::string& name,
                                                            const std::filesystem::path& passphrase_file);

}  // namespace mj::witness
