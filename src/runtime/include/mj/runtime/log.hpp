#pragma once

#include <string_view>

#include <fmt/format.h>

namespace mj::runtime {

enum class Level { debug, info, warning, error };

/// Writes one line to standard error: time, level, room, text.
void write_log(Level level, std::string_view room, std::string_view text);
/// Lines below this level are not written. Default: info.
void set_log_level(Level level);

template <typename... Args>
void log(Level level, std::string_view room, fmt::format_string<Args...> format, Args&&... args) {
  write_log(level, room, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace mj::runtime
