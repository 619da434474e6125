// SPDX-License-Identifier: MIT
#include "files.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace churn {

namespace {

constexpr const char* ending = ".part";

std::filesystem::path part_of(const std::filesystem::path& file) {
    return std::filesystem::path(file) += ending;
}

void rename_part(const std::filesystem::path& file) {
    std::error_code error;
    std::filesystem::rename(part_of(file), file, error);
    if (error) throw std::runtime_error(file.string() + ": " + error.message());
}

#ifdef _WIN32
bool run(const std::filesystem::path&, const std::string&) { return false; }
#else
// Runs a shell command in a directory.
bool run(const std::filesystem::path& directory, const std::string& command) {
    std::string quoted = "'";
    for (const char c : std::filesystem::absolute(directory).string())
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return std::system(("cd " + quoted + "' && " + command).c_str()) == 0;
}
#endif

} // namespace

void prepare_directory(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) throw std::runtime_error(directory.string() + ": " + error.message());
    const std::filesystem::path trial = directory / "churn-trial";
    write_whole(trial, "x");
    std::filesystem::remove(trial, error);
}

void write_whole(const std::filesystem::path& file, const std::string& content) {
    std::ofstream out(part_of(file), std::ios::binary);
    out << content;
    out.close();
    if (!out) throw std::runtime_error(file.string() + ": cannot be written");
    rename_part(file);
}

Drawing draw(const std::filesystem::path& directory, const std::vector<std::string>& pictures) {
    if (!run(directory, "command -v gnuplot >/dev/null 2>&1")) return Drawing::no_gnuplot;
    if (!run(directory, std::string("gnuplot -e \"ending='") + ending + "'\" churn.gnuplot"))
        return Drawing::failed;
    for (const std::string& picture : pictures) rename_part(directory / picture);
    return Drawing::done;
}

} // namespace churn
