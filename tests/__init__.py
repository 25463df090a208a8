"""Does the suite deserve to be believed?"""
