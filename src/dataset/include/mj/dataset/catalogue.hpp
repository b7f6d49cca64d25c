#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/dataset/layout.hpp"
#include "mj/kernel/result.hpp"

namespace mj::dataset {

/// What the importer says where the file is silent; empty = nothing.
struct Statement {
  std::string layout;   ///< id of the layout
  std::string factor;   ///< HJ 212 code
  std::string unit;     ///< of that factor, in the file and stored
  std::string station;  ///< station code
};

/// What a file is.
struct Recognition {
  std::optional<Layout> layout;      ///< bound to the header; none when no layout fits
  std::vector<std::string> columns;  ///< header of the file; empty when it has none
  std::vector<std::string> unsaid;   ///< what is still to be said
  std::string reason;                ///< why no layout fits, or why it is unfit
};

/// All known layouts 布局目录. Immutable.
class Catalogue {
 public:
  /// Reads every *.toml of a folder. Errors: not_found; invalid_input with file, line and what is wrong; two layouts of one id.
  [[nodiscard]] static Result<Catalogue> load(const std::filesystem::path& directory);
  [[nodiscard]] static Result<Catalogue> parse(std::string_view toml, const std::string& file);

  [[nodiscard]] const std::vector<Layout>& layouts() const { return layouts_; }
  [[nodiscard]] const Layout* find(std::string_view id) const;
  /// Tells by name and beginning (decompressed; 64 KiB are enough) what a file is. A table fits a layout when every column
  /// is used or expressly ignored, and all of these are there.
  [[nodiscard]] Recognition recognise(std::string_view file_name, std::string_view beginning,
                                      const Statement& statement = {}) const;

 private:
  std::vector<Layout> layouts_;
};

}  // namespace mj::dataset
