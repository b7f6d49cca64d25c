#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace mj::hj212 {

/// One row of a vector file: tab-separated, `\r`, `\n`, `\xHH` escaped in the frame, columns found by name.
struct Vector {
  std::string id;
  std::string version;
  std::string frame;
  std::string crc_ok;
  std::string note;
};

inline std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
    } else if (const char c = text[++i]; c == 'r') {
      bytes += '\r';
    } else if (c == 'n') {
      bytes += '\n';
    } else if (c == 'x' && i + 2 < text.size()) {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      bytes += c;
    }
  }
  return bytes;
}

inline std::vector<Vector> read_vectors(const std::string& path) {
  std::vector<Vector> vectors;
  std::vector<std::string> names;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    if (names.empty()) {
      names = cells;
      continue;
    }
    Vector vector;
    for (std::size_t i = 0; i < cells.size() && i < names.size(); ++i) {
      if (names[i] == "id") vector.id = cells[i];
      if (names[i] == "version") vector.version = cells[i];
      if (names[i] == "frame") vector.frame = unescape(cells[i]);
      if (names[i] == "crc_ok") vector.crc_ok = cells[i];
      if (names[i] == "note") vector.note = cells[i];
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

}  // namespace mj::hj212
