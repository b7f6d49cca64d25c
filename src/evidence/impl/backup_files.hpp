#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "mj/storage/file.hpp"
#include "segment_file.hpp"

namespace mj::evidence {

/// Told the bytes that were copied.
using Copied = std::function<void(std::uint64_t bytes)>;

/// Makes `to` hold the first `size` bytes that `read` gives; whole and durable under its name, or not there.
/// Errors: damaged when there are fewer; unavailable.
using ReadAt = std::function<Result<std::size_t>(std::uint64_t offset, std::span<std::byte> out)>;
[[nodiscard]] Status copy_whole(const ReadAt& read, std::uint64_t size, const std::filesystem::path& to,
                                bool secret, const Copied& copied);
[[nodiscard]] Status copy_file_whole(const std::filesystem::path& from, const std::filesystem::path& to,
                                     bool secret, const Copied& copied);

/// Makes `to` hold the first `size` bytes of `from`, of which the first `known` are there already.
[[nodiscard]] Status extend_copy(const std::filesystem::path& from, std::uint64_t known, std::uint64_t size,
                                 const std::filesystem::path& to, const Copied& copied);

[[nodiscard]] Status make_directory(const std::filesystem::path& path);
[[nodiscard]] Status remove_durably(const std::filesystem::path& path);

}  // namespace mj::evidence
