#pragma once

#include <filesystem>
#include <thread>
#include <vector>

#include "platform.hpp"

namespace mj::app {

/// Records of the register that the demonstration begins with.
[[nodiscard]] std::vector<std::filesystem::path> demo_register_folders(const std::filesystem::path& share);

/// Hands the files of demo/files over to the platform in a thread of its own, and has everything evaluated; a file that was imported
/// before is not stored again.
/// `platform` outlives the thread.
[[nodiscard]] std::jthread hand_over_demo_files(Platform& platform, const std::filesystem::path& share);

}  // namespace mj::app
