@echo off
rem Starts the control center with a Java 25 or newer. See launch.bat.
setlocal
set "NEXUS_MAIN=nexus.aiagents.app.Main"
call "%~dp0launch.bat" %*
exit /b %ERRORLEVEL%
