// SPDX-License-Identifier: MIT
#ifndef CHURN_FILES_HPP
#define CHURN_FILES_HPP

#include <filesystem>
#include <string>
#include <vector>

namespace churn {

/// Creates the directory if need be and tries to write there.
/// \throws std::runtime_error if that cannot be done
void prepare_directory(const std::filesystem::path& directory);

/// Writes a file under another name and renames it when it is whole.
/// \throws std::runtime_error if that cannot be done
void write_whole(const std::filesystem::path& file, const std::string& content);

enum class Drawing { done, no_gnuplot, failed };

/// Runs gnuplot on churn.gnuplot in the directory, to draw these pictures.
/// \throws std::runtime_error if a picture cannot be renamed
Drawing draw(const std::filesystem::path& directory, const std::vector<std::string>& pictures);

} // namespace churn

#endif
