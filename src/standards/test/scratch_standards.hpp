#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "mj/standards/standard_set.hpp"

namespace mj::standards {

/// A few shipped editions, copied so that a test may change them, and a folder for local files beside them.
class ScratchStandards : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::temp_directory_path() / fmt::format("mj-local-{}", ::getpid());
    std::filesystem::remove_all(root_);
    for (const char* edition : {"gb/3100-1993", "hj/212-2017", "hj/524-2009", "gb/13223-2011", "gb/3095-2026",
                                "gb/3095-2012", "hj/633-2026", "gb/12523-2011", "gb/12523-2025"}) {
      std::filesystem::create_directories((shipped() / edition).parent_path());
      std::filesystem::copy(std::filesystem::path(MJ_SOURCE_DIR) / "standards" / edition, shipped() / edition,
                            std::filesystem::copy_options::recursive);
    }
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  [[nodiscard]] std::filesystem::path shipped() const { return root_ / "standards"; }
  [[nodiscard]] std::filesystem::path local() const { return root_ / "standards.local"; }
  void write_local(const std::string& file, const std::string& text) const { write(local() / file, text); }
  static void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::ifstream in(shipped() / file);
    std::string text(std::istreambuf_iterator<char>(in), {});
    const std::size_t found = text.find(from);
    ASSERT_NE(found, std::string::npos) << from;
    write(shipped() / file, text.replace(found, from.size(), to));
  }

  std::filesystem::path root_;
};

}  // namespace mj::standards
