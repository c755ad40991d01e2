@echo off
rem Starts the naos command with a Java 25 or newer. See launch.bat.
setlocal
set "NEXUS_MAIN=nexus.aiagents.app.NaosMain"
call "%~dp0launch.bat" %*
exit /b %ERRORLEVEL%
